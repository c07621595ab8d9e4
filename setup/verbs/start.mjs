// `npm start`: from a bare checkout to a VM that moves while it runs, told as it happens.

import { ensureEverything } from "../everything.mjs";
import { runLeea } from "./leea.mjs";

/** Runs the verb; resolves to the exit status of the story. */
export async function run(args, steps) {
  return runLeea(["story", ...args], await ensureEverything(steps));
}
