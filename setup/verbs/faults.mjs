// `npm run faults -- <arguments>`: breaks moves in the lab and counts what goes wrong; arguments in tests/faults/main.ts.

import { join } from "node:path";
import { ensureEverything } from "../everything.mjs";
import { ROOT } from "../paths.mjs";
import { runAttached } from "../run-command.mjs";

const PROGRAM = join(ROOT, ".cache", "programs", "faults.cjs");

/** Runs the verb; resolves to 1 when a guest ran twice, a write was lost, or a run did not converge. */
export async function run(args, steps) {
  const env = await ensureEverything(steps);
  const bundle = join(ROOT, "provider", "dist", "agent.cjs");
  return runAttached("node", [PROGRAM, ...args], {
    cwd: ROOT,
    env: { ...env, LEEA_AGENT_BUNDLE: bundle },
  });
}
