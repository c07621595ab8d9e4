// `npm run package [-- --platform linux_amd64 …]`: the Terraform provider as one self-contained bundle per platform, in
// dist/package. Without words: every platform whose Node npm has; those whose it has not are named and left out.

import { parseArgs } from "node:util";
import { ensureBundles } from "../bundles.mjs";
import { writeMirror, writeRelease, writeZip } from "../package/layout.mjs";
import { NotPublished } from "../package/node-runtime.mjs";
import { PACKAGES, packageOf } from "../package/package-provider.mjs";
import { PLATFORM_NAMES } from "../package/platforms.mjs";
import { Problem } from "../problem.mjs";

/** Runs the verb; resolves to the exit status. */
export async function run(args, steps) {
  const named = readPlatforms(args);
  await ensureBundles(steps);
  const leftOut = [];
  const made = [];
  for (const platform of named ?? PLATFORM_NAMES) {
    try {
      made.push(await packagePlatform(platform, steps));
    } catch (error) {
      // A network or a disk that fails must not make a release of fewer platforms than there are.
      if (named !== undefined || !(error instanceof NotPublished)) throw error;
      leftOut.push(`${platform}: ${error.message}`);
    }
  }
  if (made.length === 0) throw new Problem("No platform could be packaged", leftOut.join("\n"));
  writeRelease(PACKAGES, { version: made[0].version, platforms: made.map(({ platform }) => platform) });
  for (const { file, bytes } of made) console.log(`${(bytes / 1e6).toFixed(1).padStart(6)} MB  ${file}`);
  for (const line of leftOut) console.error(`left out ${line}`);
  return 0;
}

function readPlatforms(args) {
  const { platform } = parseArgs({ args, options: { platform: { type: "string", multiple: true } } }).values;
  const unknown = platform?.find((name) => !PLATFORM_NAMES.includes(name));
  if (unknown === undefined) return platform;
  throw new Problem(`There is no platform "${unknown}"`, `One of: ${PLATFORM_NAMES.join(", ")}`);
}

async function packagePlatform(platform, steps) {
  let made;
  await steps.run(platform, async ({ say }) => {
    const one = await packageOf(platform, say);
    writeMirror(PACKAGES, one);
    say("compressing");
    made = { ...(await writeZip(PACKAGES, one)), version: one.version, platform };
    return `packaged ${one.version}`;
  });
  return made;
}
