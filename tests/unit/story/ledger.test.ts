// The check of an image from outside the guest: the same bytes as the guest's program, and no bad block let through.
import { mkdtemp, open, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { checkImage, fillBlock, holdsEntry, parseLedger, readBlock } from "../../../provider/cli/story/ledger";

const entry = { disk: 1, lba: 777, sequence: 1763826000000123 };

describe("the generator", () => {
  test("gives the bytes that the guest's program writes", () => {
    const block = fillBlock(entry);
    const words = [0, 1, 2, 3, 4, 5, 6, 7, 8, 1023].map((word) =>
      block
        .readUInt32LE(word * 4)
        .toString(16)
        .padStart(8, "0"),
    );
    // printed by setup/guest/program/block-pattern.c for the same disk, block and sequence number
    expect(words.join(" ")).toBe(
      "4145454c 00000001 00000309 be2cf47b 00064430 e275a5a5 deb49c2c 2a2867bb 1c05cb00 23d3ca41",
    );
  });

  test("a block names itself, and no longer does when one bit is wrong", () => {
    const block = fillBlock(entry);
    expect(readBlock(block)).toEqual(entry);
    for (const byte of [0, 5, 9, 13, 20, 4095]) {
      const broken = Buffer.from(block);
      broken.writeUInt8(broken.readUInt8(byte) ^ 1, byte);
      expect(readBlock(broken)).toBeUndefined();
    }
  });

  test("a blank block is not a block of ours", () => {
    expect(readBlock(Buffer.alloc(4096))).toBeUndefined();
    expect(readBlock(Buffer.alloc(4096, 0xff))).toBeUndefined();
  });
});

describe("one block against the ledger", () => {
  test("the acknowledged write and a later one are right", () => {
    expect(holdsEntry(fillBlock(entry), entry)).toBe(true);
    expect(holdsEntry(fillBlock({ ...entry, sequence: entry.sequence + 5 }), entry)).toBe(true);
  });

  test("an older write, another block's and another disk's are wrong", () => {
    expect(holdsEntry(fillBlock({ ...entry, sequence: entry.sequence - 1 }), entry)).toBe(false);
    expect(holdsEntry(fillBlock({ ...entry, lba: 778 }), entry)).toBe(false);
    expect(holdsEntry(fillBlock({ ...entry, disk: 0 }), entry)).toBe(false);
  });
});

describe("a ledger", () => {
  test("is read line by line", () => {
    expect(parseLedger("0 3 17\n1 4 18\n")).toEqual([
      { disk: 0, lba: 3, sequence: 17 },
      { disk: 1, lba: 4, sequence: 18 },
    ]);
    expect(parseLedger("")).toEqual([]);
  });

  test("that is cut or foreign is refused", () => {
    expect(() => parseLedger("0 3 17\n1 4 1")).toThrow(/middle of a line/);
    expect(() => parseLedger("0 3\n")).toThrow(/not a line/);
  });
});

describe("an image", () => {
  let folder = "";
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "leea-ledger-"));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  const ledger = [0, 2, 5].map((lba) => ({ disk: 0, lba, sequence: 100 + lba }));
  async function writeImage(): Promise<string> {
    const path = join(folder, "disk.raw");
    await writeFile(path, Buffer.alloc(8 * 4096));
    const image = await open(path, "r+");
    for (const each of ledger) await image.write(fillBlock(each), 0, 4096, each.lba * 4096);
    await image.close();
    return path;
  }

  test("that holds every acknowledged block has none bad, and other disks' entries are left out", async () => {
    const others = [...ledger, { disk: 1, lba: 1, sequence: 1 }];
    await expect(checkImage(await writeImage(), others, 0)).resolves.toEqual({ checked: 3, bad: 0, badBlocks: [] });
  });

  test("with one damaged byte has that block bad", async () => {
    const path = await writeImage();
    const image = await open(path, "r+");
    await image.write(Buffer.from([1]), 0, 1, 2 * 4096 + 1000);
    await image.close();
    const check = await checkImage(path, ledger, 0);
    expect(check).toEqual({ checked: 3, bad: 1, badBlocks: [{ lba: 2, acknowledged: 102 }] });
  });

  test("that went back to an older write says what it holds", async () => {
    const path = await writeImage();
    const image = await open(path, "r+");
    const older = { disk: 0, lba: 5, sequence: 90 };
    await image.write(fillBlock(older), 0, 4096, 5 * 4096);
    await image.close();
    const check = await checkImage(path, ledger, 0);
    expect(check.badBlocks).toEqual([{ lba: 5, acknowledged: 105, found: older }]);
  });

  test("that is too short has the missing blocks bad", async () => {
    const path = join(folder, "short.raw");
    await writeFile(path, fillBlock({ disk: 0, lba: 0, sequence: 100 }));
    await expect(checkImage(path, ledger, 0)).resolves.toMatchObject({ checked: 3, bad: 2 });
  });
});
