// A checkout must build anywhere: nothing committed names a path of the machine it was written on, or a package
// registry (those are the user's to choose, in npm's, Go's and apt's own settings).

import { dirname } from "node:path";
import { checkoutRoot, listFiles, readText } from "./checkout-files";

// Joined here, so that this file does not hold what it forbids.
const registries = [
  ["registry", "npmjs", "org"],
  ["registry", "yarnpkg", "com"],
  ["proxy", "golang", "org"],
  ["sum", "golang", "org"],
  ["deb", "debian", "org"],
  ["pypi", "org"],
].map((parts) => new RegExp(parts.join("\\.")));

// Folders that every machine has: a checkout in one of them says nothing about the machine.
const ordinaryFolders = ["/", "/tmp", "/root", "/opt", "/srv", "/usr/src", "/var/lib", "/var/tmp", "/mnt", "/home"];

const binary = /\.(png|gif|jpg|ico|gz|tgz|qcow2|bin|wasm)$/;

function filesNaming(patterns: readonly RegExp[]): string[][] {
  return listFiles()
    .filter((file) => !binary.test(file))
    .flatMap((file) => {
      const text = readText(file);
      return patterns.filter((pattern) => pattern.test(text)).map((pattern) => [file, pattern.source]);
    });
}

describe("traces of a machine", () => {
  test("no file names a package registry", () => {
    expect(filesNaming(registries)).toEqual([]);
  });

  test("no file holds the path of this checkout, or of the folder it lies in", () => {
    const folders = [checkoutRoot, dirname(checkoutRoot)].filter((folder) => !ordinaryFolders.includes(folder));
    // At the start of a path only: the same word may be a folder inside another one.
    const patterns = folders.map((folder) => new RegExp(`(?<![\\w.$}/-])${folder.replaceAll(".", "\\.")}/`));
    expect(filesNaming(patterns)).toEqual([]);
  });
});
