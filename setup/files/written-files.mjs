// Files that builds write: compared, so that what would not change is not touched, and hashed, so that what is built from
// them is built again only when they change.

import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { ROOT } from "../paths.mjs";

/** SHA-256 over names and contents of files given by their path in the checkout. */
export function hashFiles(files) {
  const hash = createHash("sha256");
  for (const file of files) hash.update(`${file}\0`).update(readFileSync(join(ROOT, file)));
  return hash.digest("hex");
}

/**
 * Writes unless the file says that already; true if it wrote. What begins by naming its interpreter may be run.
 * Renamed into place: a program that starts meanwhile never reads half of it, and two runs may write it at once.
 */
export function writeIfChanged(file, text) {
  if (readIfThere(file) === text) return false;
  mkdirSync(dirname(file), { recursive: true });
  const aside = `${file}.${process.pid}.new`;
  writeFileSync(aside, text, { mode: text.startsWith("#!") ? 0o755 : 0o644 });
  renameSync(aside, file);
  return true;
}

/** The file's text, or undefined where there is none. */
export function readIfThere(file) {
  return existsSync(file) ? readFileSync(file, "utf8") : undefined;
}
