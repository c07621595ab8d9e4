// Files that are no image, or that would make QEMU open other files: refused by their first bytes, in preview, with
// what to do. QEMU's own qemu-img makes the real ones.

import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { findBadImages } from "../../../provider/controller/handlers/vm/check-images";
import { imageHeadBytes, readImageHead } from "../../../provider/model/inputs/image-head";

const folder = mkdtempSync(join(tmpdir(), "leea-bad-images-"));
const file = (name: string, bytes: string | Uint8Array) => (writeFileSync(join(folder, name), bytes), name);
const find = (image: string, size = "4MiB") =>
  findBadImages({ disks: [{ name: "root", size, image }] }, undefined, folder);

/** A qcow2 header (version 3) with some of its numbers changed: offset, width in bytes, value. */
function qcow2(...changes: (readonly [offset: number, bytes: 4 | 8, value: bigint])[]): Buffer {
  const header = Buffer.alloc(imageHeadBytes);
  header.writeUInt32BE(0x514649fb, 0);
  header.writeUInt32BE(3, 4);
  header.writeBigUInt64BE(4n * 1024n ** 2n, 24);
  for (const [offset, bytes, value] of changes)
    if (bytes === 4) header.writeUInt32BE(Number(value), offset);
    else header.writeBigUInt64BE(value, offset);
  return header;
}

afterAll(() => rmSync(folder, { recursive: true }));

test("a raw image and a qcow2 that stands alone are fine", () => {
  truncateSync(join(folder, file("raw", "")), 4 * 1024 ** 2);
  expect(find("raw")).toEqual([]);
  expect(find(file("good.qcow2", qcow2()))).toEqual([]);
});

describe.each<[name: string, bytes: () => string | Uint8Array, words: RegExp]>([
  ["nothing", () => "", /is empty/],
  [
    "a page that was downloaded in its place",
    () => "<html>404</html>\n".repeat(64),
    /is text and no disk image; look whether its download failed/,
  ],
  ["a compressed image", () => gzipSync(Buffer.alloc(4096)), /gzip.*gunzip/],
  ["a program", () => Buffer.concat([Buffer.from("\x7fELF"), Buffer.alloc(1020)]), /program/],
  ["half a sector", () => Buffer.alloc(700, 7), /700 bytes, no whole number of 512-byte sectors/],
  ["a VMDK", () => Buffer.concat([Buffer.from("KDMV"), Buffer.alloc(1020)]), /VMDK.*qemu-img convert/],
  ["#8 a qcow2 with a backing file", () => qcow2([8, 8, 104n], [16, 4, 11n]), /backing file.*qemu-img convert/],
  ["#9 a qcow2 with an external data file", () => qcow2([72, 8, 4n]), /external data file/],
  ["an encrypted qcow2", () => qcow2([32, 4, 2n]), /encrypted/],
  ["an old qcow", () => qcow2([4, 4, 1n]), /version 1/],
  ["#11 a qcow2 of 2^62 bytes", () => qcow2([24, 8, 2n ** 62n]), /larger than any/],
  ["a qcow2 that was cut short", () => qcow2().subarray(0, 40), /cut short/],
])("%s", (_what, bytes, words) => {
  test("is refused with the field, the path and the reason", () => {
    const image = file("bad,file=.etc.passwd", bytes());
    expect(find(image)).toEqual([{ field: "disks[0].image", message: expect.stringMatching(words) }]);
    expect(find(image)[0]?.message).toContain(join(folder, image));
  });
});

test("#11 an image with a larger disk than the declared one is refused with the size to write", () => {
  const image = file("large.qcow2", qcow2([24, 8, 10n * 1024n ** 4n]));
  expect(find(image, "1GiB")).toEqual([
    { field: "disks[0].size", message: expect.stringContaining('write "10TiB" or more') },
  ]);
  expect(find(image, "10TiB")).toEqual([]);
});

test("an image that filled its disk before is not judged again: the disk is what counts now", () => {
  const declared = { disks: [{ name: "root", size: "4MiB", image: file("gone", "text") }] };
  expect(findBadImages(declared, declared, folder)).toEqual([]);
});

test("#8 #9 what qemu-img makes, a json: name among it, is read as qemu-img made it", () => {
  const made = (name: string, ...options: string[]) => {
    execFileSync("qemu-img", ["create", "-q", "-f", "qcow2", ...options, join(folder, name), "4M"]);
    return name;
  };
  expect(find(made("made.qcow2"))).toEqual([]);
  expect(find(made("old.qcow2", "-o", "compat=0.10"))).toEqual([]);
  const named = `json:{"driver":"raw","file":{"driver":"file","filename":"${join(folder, "made.qcow2")}"}}`;
  expect(find(made("backed.qcow2", "-F", "raw", "-b", named))[0]?.message).toContain("backing file");
  expect(find(made("outside.qcow2", "-o", `data_file=${join(folder, "outside.raw")}`))[0]?.message).toContain(
    "external data file",
  );
});

test("no first bytes make the reader fail", () => {
  for (let length = 0; length <= imageHeadBytes; length += 8)
    expect(() => readImageHead(qcow2().subarray(0, length), length)).not.toThrow();
});
