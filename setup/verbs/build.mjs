// `npm run build`: the bundles and the SDK's types, and nothing else.

import { ensureBundles } from "../bundles.mjs";

/** Runs the verb; resolves to the exit status. */
export async function run(_args, steps) {
  await ensureBundles(steps);
  return 0;
}
