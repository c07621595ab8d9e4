// The files that a commit of this checkout would hold, for the house tests. It only reads.

import { readdirSync, readFileSync } from "node:fs";
import { join, relative, resolve } from "node:path";

/** The checkout's root folder. */
export const checkoutRoot = resolve(__dirname, "../..");

// What .gitignore keeps out of commits, by name.
const uncommitted = new Set(["node_modules", "dist", ".cache", ".git", ".leea", "coverage", "cdktf.out", ".terraform"]);

/** Paths relative to the root, with `/`, of every file under the given folders (default: all), sorted. */
export function listFiles(folders: readonly string[] = ["."]): string[] {
  return folders
    .flatMap((folder) => listBelow(join(checkoutRoot, folder)))
    .map((file) => relative(checkoutRoot, file))
    .sort();
}

/** Hand-written source files: TypeScript and JavaScript outside generated folders. */
export function listSources(folders?: readonly string[]): string[] {
  return listFiles(folders).filter((file) => /\.(ts|[cm]?js)$/.test(file) && !file.includes("/generated/"));
}

/** A file's text. */
export function readText(file: string): string {
  return readFileSync(join(checkoutRoot, file), "utf8");
}

function listBelow(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true })
    .filter(
      (entry) =>
        !uncommitted.has(entry.name) &&
        !/\.(log|tsbuildinfo|terraform\.lock\.hcl|tfstate(\.backup)?)$/.test(entry.name),
    )
    .flatMap((entry) => {
      if (entry.isDirectory()) return listBelow(join(folder, entry.name));
      return entry.isFile() ? [join(folder, entry.name)] : [];
    });
}
