// The provider as its users get it: `npm run package` of this checkout, for the machine that runs the test.

import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { runSetupCode } from "../../../unit/setup/run-setup-code";

const run = promisify(execFile);
const root = join(__dirname, "../../../..");

/** The runtime is fetched once; then all but a few seconds go into compressing it. */
const packageLimitMs = 300_000;

let packaged: Promise<string> | undefined;

/** Folder of what was packaged, once for all tests of a file: `mirror` and `zip-mirror` are in it. */
export function packageProvider(): Promise<string> {
  packaged ??= runPackageVerb();
  return packaged;
}

async function runPackageVerb(): Promise<string> {
  const platform = runSetupCode("package/platforms.mjs", "return it.ownPlatform()") as string;
  const words = [join(root, "setup/main.mjs"), "package", "--platform", platform];
  await run(process.execPath, words, { cwd: root, timeout: packageLimitMs, maxBuffer: 2 ** 26 });
  return join(root, "dist/package");
}
