// The hash of a file is remembered only for as long as the file is the same.

import { createHash } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { hashFile } from "../../../provider/controller/install/choose-runtime";

describe("the hash of a file", () => {
  const folder = mkdtempSync(join(tmpdir(), "leea-hash-"));
  const file = join(folder, "image");
  const sha256 = (text: string) => createHash("sha256").update(text).digest("hex");
  afterAll(() => rmSync(folder, { recursive: true }));

  test("is that of what the file holds now, also after a write of the same length", async () => {
    writeFileSync(file, "one");
    expect(await Promise.all([hashFile(file), hashFile(file)])).toEqual([sha256("one"), sha256("one")]);
    writeFileSync(file, "two");
    expect(await hashFile(file)).toBe(sha256("two"));
  });

  test("of a file that is not there is refused, and found once it is", async () => {
    rmSync(file);
    await expect(hashFile(file)).rejects.toThrow("ENOENT");
    writeFileSync(file, "three");
    expect(await hashFile(file)).toBe(sha256("three"));
  });
});
