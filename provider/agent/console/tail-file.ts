// Reads a log file that grows and is turned over (FILE becomes FILE.1, and a new FILE begins): its last lines, then what
// comes. It waits for its reader, and holds no more in memory than the kept files may have.

import { type FileHandle, open, stat } from "node:fs/promises";
import { setTimeout as pause } from "node:timers/promises";

/** `lines`: how many of the last ones to begin with. `isOver`: nothing more will come once what is there was read. */
export interface Tail {
  readonly path: string;
  readonly lines: number;
  readonly isOver: () => boolean;
}

const partBytes = 64 * 1024;
const maxKeptBytes = 4 * 1024 * 1024;
const lookMs = 200;

/** The bytes. A file that is not there is empty, and waited for. */
export async function* tailFile({ path, lines, isOver }: Tail): AsyncGenerator<Buffer> {
  let file = await openIfThere(path);
  try {
    let position = file === undefined ? 0 : (await file.stat()).size;
    const kept = lastLines(Buffer.concat([await readEnd(`${path}.1`), await readEnd(path, position)]), lines);
    if (kept.length > 0) yield kept;
    for (;;) {
      const isLast = isOver();
      if (file !== undefined) {
        position = await cutBack(file, position);
        for await (const part of readFrom(file, position)) {
          position += part.length;
          yield part;
        }
      }
      const next = await openNext(path, file);
      if (next !== undefined) {
        if (file !== undefined) yield* readFrom(file, position); // written between our last look and the turn
        await file?.close();
        [file, position] = [next, 0];
        continue;
      }
      if (isLast) return;
      await pause(lookMs);
    }
  } finally {
    await file?.close();
  }
}

/** The end of a file up to a size, at most what the kept part of a log may have. */
async function readEnd(path: string, size = Number.POSITIVE_INFINITY): Promise<Buffer> {
  const file = await openIfThere(path);
  if (file === undefined) return Buffer.alloc(0);
  try {
    const end = Math.min(size, (await file.stat()).size);
    const start = Math.max(0, end - maxKeptBytes);
    const { buffer, bytesRead } = await file.read(Buffer.alloc(end - start), 0, end - start, start);
    return buffer.subarray(0, bytesRead);
  } finally {
    await file.close();
  }
}

/** An unfinished last line counts as one. */
function lastLines(text: Buffer, lines: number): Buffer {
  if (lines === 0) return Buffer.alloc(0);
  let start = text.length;
  for (let count = 0; count < lines && start > 0; count += 1) {
    const from = text[start - 1] === 0x0a ? start - 2 : start - 1;
    start = from < 0 ? 0 : text.lastIndexOf(0x0a, from) + 1;
  }
  return text.subarray(start);
}

async function* readFrom(file: FileHandle, start: number): AsyncGenerator<Buffer> {
  for (let position = start; ; ) {
    const { bytesRead, buffer } = await file.read(Buffer.alloc(partBytes), 0, partBytes, position);
    if (bytesRead === 0) return;
    position += bytesRead;
    yield buffer.subarray(0, bytesRead);
  }
}

/** A file that was emptied (QEMU's own, at its next start) is read from its beginning again. */
async function cutBack(file: FileHandle, position: number): Promise<number> {
  return (await file.stat()).size < position ? 0 : position;
}

/** Another file has taken the path's place. */
async function openNext(path: string, current: FileHandle | undefined): Promise<FileHandle | undefined> {
  const there = await stat(path).catch(() => undefined); // turned over a moment ago, or not there yet
  if (there === undefined) return undefined;
  if (current !== undefined && (await current.stat()).ino === there.ino) return undefined;
  return openIfThere(path);
}

function openIfThere(path: string): Promise<FileHandle | undefined> {
  return open(path, "r").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return undefined;
    throw error;
  });
}
