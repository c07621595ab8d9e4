// Reads a log file that grows and is turned over (FILE becomes FILE.1, and a new FILE begins), from what is kept or from
// now on. It holds one part in memory at a time, and waits for its reader.

import { type FileHandle, open, stat } from "node:fs/promises";
import { setTimeout as pause } from "node:timers/promises";

/** `isOver`: no more will come once what is there was read. Absent: reads what is there and ends. */
export interface Tail {
  readonly path: string;
  readonly from: "kept" | "now";
  readonly isOver?: () => boolean;
}

const partBytes = 64 * 1024;
const lookMs = 200;

/** The file's bytes: the older part first. A file that is not there is empty. */
export async function* tailFile(tail: Tail): AsyncGenerator<Buffer> {
  if (tail.from === "kept") yield* readWhole(`${tail.path}.1`);
  let file = await openIfThere(tail.path);
  try {
    let position = tail.from === "now" && file !== undefined ? (await file.stat()).size : 0;
    for (;;) {
      const isLast = tail.isOver?.() ?? true;
      if (file !== undefined) {
        position = await cutBack(file, position);
        for await (const part of readFrom(file, position)) {
          position += part.length;
          yield part;
        }
      }
      const next = await openNext(tail.path, file);
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

async function* readWhole(path: string): AsyncGenerator<Buffer> {
  const file = await openIfThere(path);
  if (file === undefined) return;
  try {
    yield* readFrom(file, 0);
  } finally {
    await file.close();
  }
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
