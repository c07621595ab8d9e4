// A Terraform provider that does nothing, as a package of its own: started like leea's, on the same Node.

import { mkdirSync, rmSync, symlinkSync } from "node:fs";
import { dirname, join } from "node:path";
import { TRIVIAL_PROVIDER } from "../bundles.mjs";
import { writeIfChanged } from "../files/written-files.mjs";
import { START_SCRIPT } from "../package/package-files.mjs";
import { ROOT } from "../paths.mjs";

/** Makes the folder beside the bundle; resolves to what a CLI starts. `leea` is the program of leea's package. */
export function ensureTrivialProvider(leea) {
  const folder = join(ROOT, ".cache", "programs", "trivial");
  mkdirSync(folder, { recursive: true });
  const links = { node: join(dirname(leea), "node"), "provider.cjs": join(ROOT, TRIVIAL_PROVIDER) };
  for (const [name, target] of Object.entries(links)) {
    rmSync(join(folder, name), { force: true });
    symlinkSync(target, join(folder, name));
  }
  const program = join(folder, "terraform-provider-trivial");
  writeIfChanged(program, START_SCRIPT);
  return program;
}
