// `npm run build [-- --languages]`: the bundles, the SDKs' types and classes, and nothing else; with the word also the
// Python and Go bindings of CDK Terrain.

import { parseArgs } from "node:util";
import { ensureBundles } from "../bundles.mjs";
import { buildLanguages } from "../cdk/languages.mjs";

/** Runs the verb; resolves to the exit status. */
export async function run(args, steps) {
  const { languages } = parseArgs({ args, options: { languages: { type: "boolean", default: false } } }).values;
  await ensureBundles(steps);
  if (languages) await steps.run("Python and Go", async () => `in ${await buildLanguages()}`);
  return 0;
}
