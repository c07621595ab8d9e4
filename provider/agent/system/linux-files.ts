// Files of a Linux host: durable replacement (temp file, sync, rename, sync of the folder) and plain reads and writes.

import {
  appendFile,
  lchown,
  lstat,
  mkdir,
  open,
  readdir,
  readFile,
  readlink,
  rename,
  rm,
  stat,
  writeFile,
} from "node:fs/promises";
import { dirname } from "node:path";
import type { System } from "./system";

type Files = Pick<
  System,
  | "readText"
  | "writeDurable"
  | "writeText"
  | "appendText"
  | "makeFolder"
  | "remove"
  | "list"
  | "exists"
  | "readLink"
  | "factsOf"
  | "setOwner"
>;

let temporaryCount = 0;

/** The file part of a Linux system. */
export const linuxFiles: Files = {
  readText: (path) => absentAs(undefined, () => readFile(path, "utf8")),
  async writeDurable(path, text, mode = 0o600) {
    await mkdir(dirname(path), { recursive: true, mode: 0o700 });
    temporaryCount += 1;
    const temporary = `${path}.${process.pid}.${temporaryCount}.tmp`;
    const file = await open(temporary, "wx", mode);
    try {
      await file.writeFile(text);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(temporary, path);
    await syncFolder(dirname(path));
  },
  async writeText(path, text, mode = 0o600) {
    if (!path.startsWith("/proc/") && !path.startsWith("/sys/"))
      await mkdir(dirname(path), { recursive: true, mode: 0o700 });
    await writeFile(path, text, { mode });
  },
  async appendText(path, text) {
    await mkdir(dirname(path), { recursive: true, mode: 0o700 });
    await appendFile(path, text, { mode: 0o600 });
  },
  async makeFolder(path, mode = 0o700) {
    await mkdir(path, { recursive: true, mode });
  },
  async remove(path) {
    await rm(path, { recursive: true, force: true });
  },
  list: (path) => absentAs([], () => readdir(path)),
  exists: (path) =>
    absentAs(false, async () => {
      await lstat(path);
      return true;
    }),
  readLink: (path) => absentAs(undefined, () => readlink(path)),
  factsOf: (path) =>
    absentAs(undefined, async () => {
      const found = await stat(path);
      const isProgram = found.isFile() && (found.mode & 0o111) !== 0;
      return { sizeBytes: found.size, modifiedAtS: Math.floor(found.mtimeMs / 1000), isProgram };
    }),
  async setOwner(path, uid, gid) {
    await lchown(path, uid, gid);
  },
};

/** Syncs a folder, so that a rename in it survives a power cut. */
async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, "r");
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}

async function absentAs<T>(absent: T, read: () => Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (error) {
    const { code, syscall } = error as NodeJS.ErrnoException;
    if (code === "ENOENT" || code === "ENOTDIR" || (code === "EINVAL" && syscall === "readlink")) return absent;
    throw error;
  }
}
