// The provider of this checkout as packages: which bundles, which version, which Node.

import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { ROOT } from "../paths.mjs";
import { Problem } from "../problem.mjs";
import { ensureNodeRuntime } from "./node-runtime.mjs";
import { packageFiles } from "./package-files.mjs";

/** What `npm run build` has made. */
const BUILT = {
  provider: join(ROOT, "provider", "dist", "terraform.cjs"),
  agent: join(ROOT, "provider", "dist", "agent.cjs"),
  licenses: join(ROOT, "provider", "dist", "LICENSE.npm"),
};

/** Where the verbs write packages. */
export const PACKAGES = join(ROOT, "dist", "package");

/** Resolves to the package of one platform: {version, platform, files}. The bundles must have been made. */
export async function packageOf(platform, say) {
  const missing = Object.values(BUILT).find((file) => !existsSync(file));
  if (missing !== undefined)
    throw new Problem(`There is no ${missing} to package`, "Run `npm run build` and look at it");
  const { version } = JSON.parse(readFileSync(join(ROOT, "provider", "package.json"), "utf8"));
  const runtime = await ensureNodeRuntime(platform, say);
  return { version, platform, files: packageFiles({ version, ...BUILT, runtime }) };
}
