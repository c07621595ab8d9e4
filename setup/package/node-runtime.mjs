// The Node that is shipped with the provider: the very version that this checkout runs on, from npm, once per machine.
// Nothing of it is changed, so the signature that macOS asks for stays valid.

import { rmSync } from "node:fs";
import { join } from "node:path";
import { cachedFolder } from "../cache.mjs";
import { Problem } from "../problem.mjs";
import { runCaptured, runOrFail, tailOf } from "../run-command.mjs";
import { runtimePackage } from "./platforms.mjs";

/** npm's registry answers, and has no such package or no such version of it. */
export class NotPublished extends Problem {}

/** What npm says then, in the line of its error's code. */
const NOT_PUBLISHED = /^npm \S+ code (?:E404|ETARGET)$/m;

/** Resolves to the paths {node, license} for one platform. A Problem where npm cannot give it, NotPublished where none can. */
export async function ensureNodeRuntime(platform, say) {
  const version = process.versions.node;
  const name = `${runtimePackage(platform)}@${version}`;
  const folder = await cachedFolder(`node-${version}-${platform}`, (temporary) => fetch(name, temporary, say), say);
  return { node: join(folder, "bin", "node"), license: join(folder, "LICENSE") };
}

// npm checks what it fetched against the integrity that its registry tells.
async function fetch(name, folder, say) {
  say(`npm pack ${name}`);
  const words = ["pack", name, "--loglevel=error", "--pack-destination", folder];
  const { status, output } = await runCaptured("npm", words, { cwd: folder });
  if (status !== 0 && NOT_PUBLISHED.test(output)) {
    throw new NotPublished(`npm has no ${name}`, "Package for another platform", tailOf(output));
  }
  if (status !== 0) {
    throw new Problem(`Unable to get ${name}`, "Check that npm reaches its registry (`npm ping`)", tailOf(output));
  }
  const archive = output.trim().split("\n").at(-1);
  await runOrFail("tar", ["-xzf", archive, "--strip-components=1", "package/bin/node", "package/LICENSE"], {
    cwd: folder,
    problem: `Unable to unpack ${archive}`,
  });
  rmSync(join(folder, archive));
}
