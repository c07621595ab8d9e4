// `npm run pulumi -- <arguments>`: the real Pulumi CLI on the stack that `npm start` made.

import { ensureEverything } from "../everything.mjs";
import { runLeea } from "./leea.mjs";

/** Runs the verb; resolves to Pulumi's exit status. */
export async function run(args, steps) {
  return runLeea(["pulumi", ...args], await ensureEverything(steps));
}
