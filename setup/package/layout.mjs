// The folders that `npm run package` writes. `release/` is what a registry or a page of releases takes; `mirror/` and
// `zip-mirror/` are what `filesystem_mirror` in the CLI's configuration may name: unpacked, and as zips.
//
//   release/     terraform-provider-leea_<version>_<os>_<arch>.zip, …_manifest.json, …_SHA256SUMS
//   mirror/      <host>/leea/leea/<version>/<os>_<arch>/terraform-provider-leea_v<version> and what it needs
//   zip-mirror/  <host>/leea/leea/terraform-provider-leea_<version>_<os>_<arch>.zip

import { createHash } from "node:crypto";
import { readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { putFile, putLink, removeHalfDone } from "../files/placed-files.mjs";
import { readIfThere } from "../files/written-files.mjs";
import { ROOT } from "../paths.mjs";
import { zipFiles } from "./zip.mjs";

const FILE_MODE = 0o644;
const PROGRAM_MODE = 0o755;

/** Where each CLI looks for the provider: `leea/leea` means another host to each. */
export const ADDRESSES = ["registry.terraform.io/leea/leea", "registry.opentofu.org/leea/leea"];

/** Writes the unpacked package of one platform below `out`/mirror for each address; resolves to the mirror's folder. */
export function writeMirror(out, { version, platform, files }) {
  removeHalfDone(out);
  const mirror = join(out, "mirror");
  for (const address of ADDRESSES) writeFolder(out, join(mirror, address, version, platform), files);
  return mirror;
}

/** Writes one platform's zip to `out`/release, and below `out`/zip-mirror for each address; resolves to {file, bytes}. */
export async function writeZip(out, { version, platform, files }) {
  removeHalfDone(out);
  const name = `${prefixOf(version)}${platform}.zip`;
  const file = join(out, "release", name);
  const bytes = await zipFiles(files);
  putFile(out, file, bytes);
  for (const address of ADDRESSES) putLink(out, join(out, "zip-mirror", address, name), file, FILE_MODE);
  return { file, bytes: bytes.length };
}

/**
 * Makes `out`/release that of one version and of the platforms of one run: its zips, the manifest, the checksums of these.
 * What an earlier run left of that version is removed there and in the mirrors of zips: it is of other sources.
 */
export function writeRelease(out, { version, platforms }) {
  const release = join(out, "release");
  const prefix = prefixOf(version);
  const zips = platforms.map((platform) => `${prefix}${platform}.zip`);
  const manifest = `${prefix}manifest.json`;
  const sums = `${prefix}SHA256SUMS`;
  putFile(out, join(release, manifest), readFileSync(join(ROOT, "terraform-registry-manifest.json")));
  const text = [...zips, manifest].sort().map((name) => `${sha256(join(release, name))}  ${name}\n`);
  // A signature of the same checksums stays good.
  const isSigned = readIfThere(join(release, sums)) === text.join("");
  removeOthers(release, prefix, [...zips, manifest, sums, ...(isSigned ? [`${sums}.sig`] : [])]);
  for (const address of ADDRESSES) removeOthers(join(out, "zip-mirror", address), prefix, zips);
  putFile(out, join(release, sums), text.join(""));
}

function prefixOf(version) {
  return `terraform-provider-leea_${version}_`;
}

function removeOthers(folder, prefix, kept) {
  const others = readdirSync(folder).filter((name) => name.startsWith(prefix) && !kept.includes(name));
  for (const name of others) rmSync(join(folder, name), { recursive: true });
}

function writeFolder(out, folder, files) {
  for (const { name, text, path, isProgram = false } of files) {
    const target = join(folder, name);
    if (isProgram && path !== undefined) putLink(out, target, path, PROGRAM_MODE);
    else putFile(out, target, text ?? readFileSync(path), isProgram ? PROGRAM_MODE : FILE_MODE);
  }
  removeOthers(
    folder,
    "",
    files.map(({ name }) => name),
  );
}

function sha256(file) {
  return createHash("sha256").update(readFileSync(file)).digest("hex");
}
