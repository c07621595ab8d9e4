// `npm run simulate -- --seed N | --seeds A..B | --scenario WORDS`: plays moves in the simulator. One story is printed
// whole, so that a seed that a test found is looked at with one command.

import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { ROOT } from "../paths.mjs";
import { runAttached } from "../run-command.mjs";

const OUT = join(ROOT, ".cache", "simulator", "simulate.cjs");

/** Bundles the simulator and runs it; resolves to its exit status: 1 where a law was broken. */
export async function run(args) {
  const { build } = await import("esbuild");
  mkdirSync(join(ROOT, ".cache", "simulator"), { recursive: true });
  await build({
    absWorkingDir: ROOT,
    entryPoints: ["tests/simulator/main.ts"],
    outfile: OUT,
    bundle: true,
    platform: "node",
    sourcemap: "inline",
    logLevel: "warning",
  });
  return runAttached("node", ["--enable-source-maps", OUT, ...args], { cwd: ROOT });
}
