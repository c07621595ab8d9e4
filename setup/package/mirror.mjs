// The provider of this checkout as an unpacked package of this machine, made again where it is not current.

import { join } from "node:path";
import { Problem } from "../problem.mjs";
import { ADDRESSES, writeMirror } from "./layout.mjs";
import { programName } from "./package-files.mjs";
import { PACKAGES, packageOf } from "./package-provider.mjs";
import { ownPlatform } from "./platforms.mjs";

/**
 * Resolves to {mirror, program, version, files}: the folder for `filesystem_mirror`, what a CLI starts, and what the package
 * is. The bundles must have been made.
 */
export async function ensureMirror(steps) {
  const platform = ownPlatform();
  if (platform === undefined) {
    throw new Problem(`The provider is not packaged for ${process.platform} ${process.arch}`, "Use Linux or macOS");
  }
  let made;
  await steps.run("provider", async ({ say }) => {
    const one = await packageOf(platform, say);
    const mirror = writeMirror(PACKAGES, one);
    const program = join(mirror, ADDRESSES[0], one.version, platform, programName(one.version));
    made = { mirror, program, version: one.version, files: one.files };
    return { ready: `${one.version} for ${platform}` };
  });
  return made;
}
