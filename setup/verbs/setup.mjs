// `npm run setup`: makes everything ready and says what it did. A second run only looks, in under two seconds.

import { ensureEverything } from "../everything.mjs";

/** Runs the verb; resolves to the exit status. */
export async function run(_args, steps) {
  await ensureEverything(steps);
  console.error("\nReady. Next: npm start");
  return 0;
}
