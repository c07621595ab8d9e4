// `npm run generate`: writes the files that follow from schema/, and removes those that no longer do.

import { staleFiles, writeGenerated } from "../generated.mjs";

/** Runs the verb; resolves to the exit status. */
export async function run() {
  const stale = await staleFiles();
  await writeGenerated();
  console.error(
    stale.length === 0 ? "Generated files are current" : `Written:\n${stale.map((file) => `  ${file}`).join("\n")}`,
  );
  return 0;
}
