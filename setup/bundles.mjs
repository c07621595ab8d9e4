// Bundles what is run or shipped: one file per program, the same bytes from the same sources.
// esbuild strips types without looking at them; `npm run check` does the looking.

import { createHash } from "node:crypto";
import { cpSync, existsSync, globSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { ROOT } from "./paths.mjs";
import { Problem } from "./problem.mjs";
import { runOrFail } from "./run-command.mjs";

/** Entry to bundle. The agent runs on any host with Node 20; the others beside the user. */
const BUNDLES = [
  { entry: "provider/agent/main.ts", out: "provider/dist/agent.cjs" },
  { entry: "provider/cli/main.ts", out: "provider/dist/leea.cjs", isProgram: true },
  { entry: "provider/pulumi/main.ts", out: "provider/dist/pulumi.cjs" },
  { entry: "sdk/pulumi/src/index.ts", out: "sdk/pulumi/dist/index.js" },
  { entry: "tests/faults/main.ts", out: ".cache/programs/faults.cjs" },
  { entry: "tests/faults/agent-kills/kills-program.ts", out: ".cache/programs/agent-kills.cjs" },
  { entry: "tests/faults/agent-kills/fake-qemu-program.ts", out: ".cache/programs/fake-qemu.cjs" },
];

// ssh2 tries its native parts and goes on without them; programs bring their own Pulumi SDK.
const EXTERNAL = ["*.node", "cpu-features", "@pulumi/pulumi", "@leea/provider"];

const OPTIONS = {
  absWorkingDir: ROOT,
  write: false,
  bundle: true,
  platform: "node",
  target: "node20",
  format: "cjs",
  keepNames: true,
  legalComments: "eof",
  charset: "utf8",
  external: EXTERNAL,
  logLevel: "silent",
};

const SHEBANG = "#!/usr/bin/env node";

const SDK_TYPES = { project: "sdk/pulumi", from: ".cache/types/sdk/pulumi", to: "sdk/pulumi/dist" };

/** Bundles every program and writes the SDK's types. Files whose bytes would not change are not touched. */
export async function ensureBundles(steps) {
  await steps.run("build", async ({ say }) => {
    const { changed, problems } = await makeBundles(say);
    if (problems.length > 0) throw new AggregateError(problems);
    return changed.length === 0 ? { ready: "up to date" } : changed.join(", ");
  });
}

/** Makes what can be made; resolves to {changed: paths, problems: one for each that cannot}. */
export async function makeBundles(say = () => {}) {
  const changed = [];
  const problems = [];
  for (const bundle of BUNDLES.filter(({ entry }) => existsSync(join(ROOT, entry)))) {
    say(bundle.out);
    try {
      if (writeIfChanged(join(ROOT, bundle.out), await bundleText(bundle))) changed.push(bundle.out);
    } catch (error) {
      problems.push(error);
    }
  }
  say("types of the SDK");
  try {
    if (await ensureSdkTypes()) changed.push(SDK_TYPES.to);
  } catch (error) {
    problems.push(error);
  }
  return { changed, problems };
}

/** The bundle of one entry as text. A Problem carries esbuild's messages. */
export async function bundleText({ entry, isProgram = false }) {
  const { build, formatMessages } = await import("esbuild");
  try {
    const result = await build({ ...OPTIONS, entryPoints: [entry], banner: isProgram ? { js: SHEBANG } : {} });
    return result.outputFiles[0].text;
  } catch (error) {
    if (error.errors === undefined) throw error;
    const messages = await formatMessages(error.errors, { kind: "error" });
    throw new Problem(`Unable to bundle ${entry}`, "Each message names file and line", messages.join("").trim());
  }
}

async function ensureSdkTypes() {
  const sources = globSync("sdk/pulumi/src/**/*.ts", { cwd: ROOT }).sort();
  if (!sources.includes("sdk/pulumi/src/index.ts")) return false;
  const stamp = join(ROOT, ".cache", "sdk-types.sha256");
  const hash = hashFiles([...sources, "sdk/pulumi/tsconfig.json", "tsconfig.base.json", "package-lock.json"]);
  const isCurrent = existsSync(join(ROOT, SDK_TYPES.to, "index.d.ts")) && readIfThere(stamp) === hash;
  if (isCurrent) return false;
  await runOrFail("tsc", ["-b", SDK_TYPES.project], { cwd: ROOT, problem: "The SDK does not compile" });
  cpSync(join(ROOT, SDK_TYPES.from), join(ROOT, SDK_TYPES.to), {
    recursive: true,
    filter: (file) => !file.endsWith(".tsbuildinfo"),
  });
  writeIfChanged(stamp, hash);
  return true;
}

function hashFiles(files) {
  const hash = createHash("sha256");
  for (const file of files) hash.update(`${file}\0`).update(readFileSync(join(ROOT, file)));
  return hash.digest("hex");
}

// Renamed into place: a program that starts meanwhile never reads half a bundle.
function writeIfChanged(file, text) {
  if (readIfThere(file) === text) return false;
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(`${file}.new`, text, { mode: text.startsWith(SHEBANG) ? 0o755 : 0o644 });
  renameSync(`${file}.new`, file);
  return true;
}

function readIfThere(file) {
  return existsSync(file) ? readFileSync(file, "utf8") : undefined;
}
