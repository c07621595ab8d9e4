// `npm run bench`: measures the agent and ten moves in the lab and prints the figures.

import { ensureEverything } from "../everything.mjs";
import { runLeea } from "./leea.mjs";

/** Runs the verb; resolves to the exit status of the measurement. */
export async function run(args, steps) {
  return runLeea(["bench", ...args], await ensureEverything(steps));
}
