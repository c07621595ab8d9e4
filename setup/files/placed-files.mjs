// Files that others read while they are put there: whole or not at all, readable by every user whatever the umask is, and
// not touched where they are as they shall be. What is half done stands aside, because CLIs hash all that a package's folder
// holds, and under the process's own number, because two runs may do the same at once.

import {
  chmodSync,
  copyFileSync,
  linkSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";

const ASIDE = /^\.new-(\d+)$/;
const READABLE_BY_ALL = 0o022;

/** What stands aside of a run that was killed is removed from `root`, below which files are put. */
export function removeHalfDone(root) {
  const left = statOf(root) === undefined ? [] : readdirSync(root);
  for (const name of left) {
    const pid = ASIDE.exec(name)?.[1];
    if (pid !== undefined && !isRunning(Number(pid))) rmSync(join(root, name), { force: true });
  }
}

/** Makes `file`, below `root`, one with these bytes. */
export function putFile(root, file, bytes, mode = 0o644) {
  const wanted = Buffer.from(bytes);
  if (modeOf(file) === mode && readFileSync(file).equals(wanted)) return;
  place(root, file, (aside) => {
    writeFileSync(aside, wanted);
    chmodSync(aside, mode);
  });
}

/**
 * Makes `file`, below `root`, the same as `from`: a link, because a runtime is 120 MB and stands in each mirror; a copy where
 * that is on another file system, or where its permissions are others.
 */
export function putLink(root, file, from, mode) {
  if (isSame(file, from, mode)) return;
  place(root, file, (aside) => {
    if (modeOf(from) !== mode || !isLinked(from, aside)) copyFileSync(from, aside);
    if (modeOf(aside) !== mode) chmodSync(aside, mode);
  });
}

function place(root, file, make) {
  const before = process.umask(READABLE_BY_ALL);
  try {
    mkdirSync(root, { recursive: true });
    mkdirSync(dirname(file), { recursive: true });
    const aside = join(root, `.new-${process.pid}`);
    rmSync(aside, { force: true });
    make(aside);
    renameSync(aside, file);
    // rename(2) does nothing where both names are the same file already.
    rmSync(aside, { force: true });
  } finally {
    process.umask(before);
  }
}

function isLinked(from, aside) {
  try {
    linkSync(from, aside);
    return true;
  } catch (error) {
    if (error.code === "EXDEV" || error.code === "EPERM") return false;
    throw error;
  }
}

function isSame(file, from, mode) {
  const [one, other] = [statOf(file), statOf(from)];
  if (one === undefined || (one.mode & 0o777) !== mode) return false;
  if (one.ino === other?.ino && one.dev === other.dev) return true;
  return one.size === other?.size && readFileSync(file).equals(readFileSync(from));
}

function modeOf(file) {
  const mode = statOf(file)?.mode;
  return mode === undefined ? undefined : mode & 0o777;
}

function statOf(file) {
  return statSync(file, { throwIfNoEntry: false });
}

function isRunning(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // EPERM: another user's, which runs.
    return error.code === "EPERM";
  }
}
