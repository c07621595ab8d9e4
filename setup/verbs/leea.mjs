// `npm run leea -- <arguments>`: the `leea` command of this checkout. It prepares only what that command needs.

import { existsSync } from "node:fs";
import { join } from "node:path";
import { ensureBundles } from "../bundles.mjs";
import { environmentWith } from "../environment.mjs";
import { ensureEverything } from "../everything.mjs";
import { builtPulumiFolder } from "../needs/pulumi-cli.mjs";
import { ROOT } from "../paths.mjs";
import { Problem } from "../problem.mjs";
import { runAttached } from "../run-command.mjs";

const PROGRAM = join(ROOT, "provider", "dist", "leea.cjs");

/** Runs the verb; resolves to the exit status of the command. */
export async function run(args, steps) {
  if (args[0] === "lab") return runLeea(args, await ensureEverything(steps, { withPulumi: false }));
  await ensureBundles(steps);
  return runLeea(args, environmentWith({ pulumiFolder: builtPulumiFolder() }));
}

/** Runs the bundled command in the caller's folder. */
export async function runLeea(args, env) {
  if (!existsSync(PROGRAM)) throw new Problem("The leea command is not in this checkout", "Write provider/cli/main.ts");
  return runAttached("node", [PROGRAM, ...args], { env, cwd: process.env.INIT_CWD ?? process.cwd() });
}
