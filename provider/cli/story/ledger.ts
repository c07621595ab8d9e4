// Checks a raw disk image against the test guest's ledger, from outside the guest.
// Holds the same generator as setup/guest/program/block-pattern.c: neither may change without the other.
import { open } from "node:fs/promises";

/** One acknowledged block: `disk` counts from 0 (vda), `sequence` is that of the last acknowledged write. */
export interface LedgerEntry {
  readonly disk: number;
  readonly lba: number;
  readonly sequence: number;
}

/** A block that does not hold what was acknowledged; `found` is its own header when it is at least whole. */
export interface BadBlock {
  readonly lba: number;
  readonly acknowledged: number;
  readonly found?: LedgerEntry;
}

/** Outcome of a check; `badBlocks` holds the first twenty. */
export interface LedgerCheck {
  readonly checked: number;
  readonly bad: number;
  readonly badBlocks: readonly BadBlock[];
}

const BLOCK_BYTES = 4096;
const BLOCK_WORDS = BLOCK_BYTES / 4;
const FIRST_NOISE_WORD = 5;
const MAGIC = 0x4145454c; // "LEEA", little endian
const STEP = 0x9e3779b9;
const HIGH_WORD = 2 ** 32;
const MAX_NAMED_BAD_BLOCKS = 20;
const { imul } = Math; // looked up once: it runs a million times a check

/** Reads the lines "DISK LBA SEQUENCE" of TCP 7003. A line of another shape throws: the dump is cut or not a ledger. */
export function parseLedger(text: string): readonly LedgerEntry[] {
  const lines = text.split("\n");
  if (lines.pop() !== "") throw new Error("the ledger ends in the middle of a line");
  return lines.map((line) => {
    const match = /^(\d+) (\d+) (\d+)$/.exec(line);
    if (match === null) throw new Error(`not a line of a ledger: ${JSON.stringify(line)}`);
    return { disk: Number(match[1]), lba: Number(match[2]), sequence: Number(match[3]) };
  });
}

function mix(value: number): number {
  let mixed = value ^ (value >>> 16);
  mixed = imul(mixed, 0x85ebca6b);
  mixed = imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  return (mixed ^ (mixed >>> 16)) >>> 0;
}

/** Gives the 4096 bytes that the guest writes for this disk, block and sequence number. */
export function fillBlock({ disk, lba, sequence }: LedgerEntry): Buffer {
  const block = Buffer.alloc(BLOCK_BYTES);
  const view = new DataView(block.buffer, block.byteOffset, BLOCK_BYTES);
  const low = sequence % HIGH_WORD;
  const high = Math.floor(sequence / HIGH_WORD);
  let state = mix(disk ^ mix(lba ^ mix(low ^ mix(high ^ MAGIC))));
  [MAGIC, disk, lba, low, high].forEach((word, index) => view.setUint32(index * 4, word, true));
  for (let word = FIRST_NOISE_WORD; word < BLOCK_WORDS; word += 1) {
    state = (state + STEP) >>> 0;
    view.setUint32(word * 4, mix(state), true);
  }
  return block;
}

/** Gives the header of a block that is, byte for byte, what its header says; undefined for any other block. */
export function readBlock(block: Buffer): LedgerEntry | undefined {
  const sequence = block.readUInt32LE(16) * HIGH_WORD + block.readUInt32LE(12);
  if (!Number.isSafeInteger(sequence)) return undefined;
  const name = { disk: block.readUInt32LE(4), lba: block.readUInt32LE(8), sequence };
  return fillBlock(name).equals(block) ? name : undefined;
}

/** True when the block may lie on the disk after `entry` was acknowledged: that write, or a later whole one. */
export function holdsEntry(block: Buffer, entry: LedgerEntry): boolean {
  const found = readBlock(block);
  return found?.disk === entry.disk && found.lba === entry.lba && found.sequence >= entry.sequence;
}

/**
 * Checks a raw image against all entries of one disk. The image must be at rest: its VM stopped, or its writers.
 * A block beyond the image's end is bad. Throws the file system's own error when the image cannot be read.
 */
export async function checkImage(path: string, ledger: readonly LedgerEntry[], disk: number): Promise<LedgerCheck> {
  const image = await open(path, "r");
  const badBlocks: BadBlock[] = [];
  const entries = ledger.filter((entry) => entry.disk === disk);
  let bad = 0;
  try {
    for (const entry of entries) {
      const block = Buffer.alloc(BLOCK_BYTES);
      await image.read(block, 0, BLOCK_BYTES, entry.lba * BLOCK_BYTES);
      if (holdsEntry(block, entry)) continue;
      bad += 1;
      if (badBlocks.length < MAX_NAMED_BAD_BLOCKS) badBlocks.push(describeBadBlock(block, entry));
    }
  } finally {
    await image.close();
  }
  return { checked: entries.length, bad, badBlocks };
}

function describeBadBlock(block: Buffer, entry: LedgerEntry): BadBlock {
  const found = readBlock(block);
  const named = { lba: entry.lba, acknowledged: entry.sequence };
  return found === undefined ? named : { ...named, found };
}
