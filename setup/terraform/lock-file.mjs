// A working folder's `.terraform.lock.hcl` holds the hash of the provider that it was initialised with, and the CLIs refuse
// any other of the same version. A checkout's provider has other bytes after every change and the same version: for that one
// provider, as the checkout has packaged it, the hash is made today's. Nothing else in the file is touched.

import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { putFile } from "../files/placed-files.mjs";
import { ADDRESSES } from "../package/layout.mjs";

const LOCK_FILE = ".terraform.lock.hcl";
const VERSION = /^ {2}version += *"([^"]+)"$/m;
const HASHES = /^ {2}hashes = \[[^\]]*\]$/m;

/** The folder that a CLI with these arguments works in, started in `cwd`: `-chdir=` stands before the command. */
export function workingFolder(args, cwd) {
  const command = args.findIndex((word) => !word.startsWith("-"));
  const options = command === -1 ? args : args.slice(0, command);
  const chdir = options.find((word) => word.startsWith("-chdir="));
  return resolve(cwd, chdir?.slice("-chdir=".length) ?? "");
}

/** Makes the lock file of a folder, where there is one, take the package {version, files}; true if it did not before. */
export function acceptPackage(folder, { version, files }) {
  const file = join(folder, LOCK_FILE);
  if (!existsSync(file)) return false;
  const before = readFileSync(file, "utf8");
  let hash;
  const after = before.replaceAll(/^provider "([^"]+)" \{\n[^]*?^\}$/gm, (block, address) => {
    if (!ADDRESSES.includes(address) || VERSION.exec(block)?.[1] !== version) return block;
    hash ??= packageHash(files);
    return block.includes(`"${hash}"`) ? block : block.replace(HASHES, `  hashes = [\n    "${hash}",\n  ]`);
  });
  if (after === before) return false;
  putFile(folder, file, after);
  return true;
}

/** The hash of a package's content that the CLIs write down as `h1:` (golang.org/x/mod/sumdb/dirhash, Hash1). */
export function packageHash(files) {
  const sorted = files.toSorted((one, other) => (one.name < other.name ? -1 : 1));
  const lines = sorted.map(
    ({ name, text, path }) => `${sha256(text ?? readFileSync(path)).toString("hex")}  ${name}\n`,
  );
  return `h1:${sha256(lines.join("")).toString("base64")}`;
}

function sha256(bytes) {
  return createHash("sha256").update(bytes).digest();
}
