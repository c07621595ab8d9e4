// The npm packages of the checkout, and among them the Node that everything of ours runs on.
// It compares what is installed with package-lock.json itself, so an interrupted or outdated install is seen.

import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { NPM_PROGRAMS, ROOT } from "../paths.mjs";
import { Problem } from "../problem.mjs";
import { runCaptured, runOrFail } from "../run-command.mjs";

const OLDEST_OWN_NODE = 22;

/** Installs what package-lock.json says unless it is there, and makes sure that our own Node runs. */
export async function ensureNpmDependencies(steps) {
  await steps.run("npm packages", async ({ say }) => {
    const current = isInstallCurrent();
    if (!current) await install(say);
    if (!current || !existsSync(join(NPM_PROGRAMS, "node"))) await ensureOwnNode(say);
    return current ? { ready: "already as package-lock.json says" } : `installed ${countLocked()} packages`;
  });
}

async function install(say) {
  say("npm ci");
  await runOrFail("npm", ["ci", "--no-audit", "--no-fund", "--loglevel=http"], {
    cwd: ROOT,
    onLine: (line) => say(line.replace(/^npm http (fetch|cache) /, "").slice(0, 60)),
    problem: "Unable to install the npm packages",
    hint: "Check that npm reaches its registry (`npm ping`), then run this again",
  });
}

// npm 12 and `ignore-scripts` users do not run install scripts; the package `node` gets its binary by one.
async function ensureOwnNode(say) {
  if ((await ownNodeMajor()) >= OLDEST_OWN_NODE) return;
  say("Node for this checkout");
  await runOrFail(process.execPath, ["installArchSpecificPackage"], {
    cwd: join(ROOT, "node_modules", "node"),
    problem: "Unable to install the Node that this checkout runs on",
    hint: `Check that npm reaches its registry (\`npm ping\`), then run this again`,
  });
  if ((await ownNodeMajor()) >= OLDEST_OWN_NODE) return;
  throw new Problem(
    `node_modules/.bin/node does not run, or is older than Node ${OLDEST_OWN_NODE}`,
    "Delete node_modules and run this again; on a system that is not glibc Linux or macOS, put Node 24 first on PATH",
  );
}

async function ownNodeMajor() {
  const { status, output } = await runCaptured(join(NPM_PROGRAMS, "node"), ["--version"]);
  return status === 0 ? Number(/^v(\d+)/.exec(output)?.[1]) : 0;
}

/**
 * True when every package of the lock file is installed in its version. npm writes its own list when it is done, and whoever takes a
 * package away, or copies the list, leaves it as it was: so each package is looked for as well.
 */
export function isInstallCurrent(root = ROOT) {
  const installed = readPackages(join(root, "node_modules", ".package-lock.json"));
  return (
    installed !== undefined &&
    lockedPackages(root).every(([path, wanted]) => {
      const found = installed[path];
      // Packages for other platforms are left out by npm.
      if (found === undefined) return wanted.optional === true || wanted.devOptional === true;
      const isWanted = found.version === wanted.version && found.integrity === wanted.integrity;
      return isWanted && existsSync(join(root, path, "package.json"));
    })
  );
}

function countLocked() {
  return Object.keys(readPackages(join(ROOT, "node_modules", ".package-lock.json")) ?? {}).length;
}

function lockedPackages(root) {
  const packages = readPackages(join(root, "package-lock.json")) ?? {};
  return Object.entries(packages).filter(([path]) => path.includes("node_modules/"));
}

function readPackages(file) {
  try {
    return JSON.parse(readFileSync(file, "utf8")).packages;
  } catch {
    // Absent or cut short: nothing is installed as far as we know.
    return undefined;
  }
}
