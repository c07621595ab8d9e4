// Where a file of the checkout lies, whether this runs as a source under jest or from the bundle of `npm run faults`.

import { existsSync } from "node:fs";
import { dirname, join } from "node:path";

/** The absolute path of a file named from the checkout's root. Throws when there is none. */
export function findInCheckout(...parts: readonly string[]): string {
  for (let folder = __dirname; folder !== dirname(folder); folder = dirname(folder)) {
    const path = join(folder, ...parts);
    if (existsSync(path)) return path;
  }
  throw new Error(`${parts.join("/")} is not in this checkout: run \`npm run build\``);
}
