// `npm run lab -- <arguments>`: `leea lab …`, with everything that a lab needs made ready first.

import { run as runLeeaVerb } from "./leea.mjs";

/** Runs the verb; resolves to the exit status of the command. */
export function run(args, steps) {
  return runLeeaVerb(["lab", ...args], steps);
}
