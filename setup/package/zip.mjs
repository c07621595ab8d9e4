// A zip whose bytes follow from its files alone: sorted names, one date, permissions as they shall be and not as they are,
// and a compressor in plain JavaScript, because zlib's output differs from one processor to the next.

import { readFileSync } from "node:fs";

const UNIX = 3;
const PROGRAM_MODE = 0o100755;
const FILE_MODE = 0o100644;
/** Zip knows no date before 1980 and no time zone: this is read back as the local time that it says. */
const DATE = new Date(1980, 0, 1);
const LEVEL = 6;

/** The bytes of a zip of packageFiles' files. */
export async function zipFiles(files) {
  const { zipSync } = await import("fflate");
  const sorted = files.toSorted((one, other) => (one.name < other.name ? -1 : 1));
  const entries = sorted.map((file) => [file.name, [bytesOf(file), attributesOf(file)]]);
  return zipSync(Object.fromEntries(entries), { level: LEVEL, mtime: DATE });
}

function bytesOf({ text, path }) {
  return text === undefined ? readFileSync(path) : Buffer.from(text);
}

function attributesOf({ isProgram = false }) {
  return { os: UNIX, attrs: (isProgram ? PROGRAM_MODE : FILE_MODE) * 0x10000 };
}
