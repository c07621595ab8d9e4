// `npm run faults -- <arguments>`: breaks moves in the lab and counts what goes wrong; arguments in tests/faults/main.ts.

import { join } from "node:path";
import { ensureEverything } from "../everything.mjs";
import { ROOT } from "../paths.mjs";
import { runAttached } from "../run-command.mjs";

const PROGRAM = join(ROOT, ".cache", "programs", "faults.cjs");

/** Tests that are told by their folder: of this verb's own project, and those that `npm test` runs too. */
const NAMED = [
  "--selectProjects",
  "faults",
  "e2e",
  "--testPathPatterns",
  "tests/faults/",
  "tests/e2e/(faults/|restart|agent-kills|skew|upgrade)",
];

/** Runs the verb; resolves to 1 when a test failed, a guest ran twice, a write was lost, or a run did not converge. */
export async function run(args, steps) {
  const env = await ensureEverything(steps);
  const agent = join(ROOT, "provider", "dist", "agent.cjs");
  const options = { cwd: ROOT, env: { ...env, LEEA_AGENT_BUNDLE: agent } };
  if (args.includes("--named")) return runAttached("jest", ["--runInBand", "--verbose", ...NAMED], options);
  return runAttached("node", [PROGRAM, ...args], options);
}
