// Bundles what is run or shipped: one file per program, the same bytes from the same sources.
// esbuild strips types without looking at them; `npm run check` does the looking.

import { createHash } from "node:crypto";
import { cpSync, existsSync, globSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { ROOT } from "./paths.mjs";
import { runOrFail } from "./run-command.mjs";

/** Entry to bundle. The agent runs on any host with Node 20; the others beside the user. */
const BUNDLES = [
  { entry: "provider/agent/main.ts", out: "provider/dist/agent.cjs" },
  { entry: "provider/cli/main.ts", out: "provider/dist/leea.cjs", isProgram: true },
  { entry: "provider/pulumi/main.ts", out: "provider/dist/pulumi.cjs" },
  { entry: "sdk/pulumi/src/index.ts", out: "sdk/pulumi/dist/index.js" },
];

// ssh2 tries its native parts and goes on without them; programs bring their own Pulumi SDK.
const EXTERNAL = ["*.node", "cpu-features", "@pulumi/pulumi", "@leea/provider"];

const SDK_TYPES = { project: "sdk/pulumi", from: ".cache/types/sdk/pulumi", to: "sdk/pulumi/dist" };

/** Bundles every program and writes the SDK's types. Files whose bytes would not change are not touched. */
export async function ensureBundles(steps) {
  await steps.run("build", async ({ say }) => {
    const bundles = BUNDLES.filter((bundle) => existsSync(join(ROOT, bundle.entry)));
    let changed = 0;
    for (const bundle of bundles) {
      say(bundle.out);
      if (writeIfChanged(join(ROOT, bundle.out), await bundleText(bundle))) changed++;
    }
    say("types of the SDK");
    if (await ensureSdkTypes()) changed++;
    return changed === 0 ? { ready: `${bundles.length} bundles up to date` } : `${bundles.length} bundles`;
  });
}

/** The bundle of one entry as text. */
export async function bundleText({ entry, isProgram = false }) {
  const { build } = await import("esbuild");
  const result = await build({
    absWorkingDir: ROOT,
    entryPoints: [entry],
    write: false,
    bundle: true,
    platform: "node",
    target: "node20",
    format: "cjs",
    keepNames: true,
    legalComments: "eof",
    charset: "utf8",
    external: EXTERNAL,
    banner: isProgram ? { js: "#!/usr/bin/env node" } : {},
    logLevel: "error",
  });
  return result.outputFiles[0].text;
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
  writeFileSync(`${file}.new`, text, { mode: text.startsWith("#!") ? 0o755 : 0o644 });
  renameSync(`${file}.new`, file);
  return true;
}

function readIfThere(file) {
  return existsSync(file) ? readFileSync(file, "utf8") : undefined;
}
