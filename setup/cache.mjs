// Folders that are expensive to make and are kept for the next run and the next checkout.
// An entry is made in a temporary folder and renamed into place: it is whole or it is not there.

import { existsSync, linkSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { CACHE } from "./paths.mjs";

const POLL_MS = 500;

/** Where an entry is, or would be. */
export function cacheEntry(name) {
  return join(CACHE, "tools", name);
}

/** True when the entry is there already. */
export function isCached(name) {
  return existsSync(cacheEntry(name));
}

/**
 * The folder `tools/<name>` of the cache. If absent, `make(folder)` fills a temporary one first.
 * Only one process makes an entry at a time; one that died half way leaves nothing that is taken for an entry.
 */
export async function cachedFolder(name, make, say = () => {}) {
  const parent = join(CACHE, "tools");
  const entry = join(parent, name);
  if (existsSync(entry)) return entry;
  mkdirSync(parent, { recursive: true });
  await withLock(name, say, async () => {
    if (existsSync(entry)) return;
    removeLeftovers(parent, name);
    const temporary = join(parent, `.making-${name}-${process.pid}`);
    mkdirSync(temporary);
    try {
      await make(temporary);
      renameSync(temporary, entry);
    } finally {
      rmSync(temporary, { recursive: true, force: true });
    }
  });
  return entry;
}

/** Runs `work` while holding the lock `name`; waits while another live process holds it. */
export async function withLock(name, say, work) {
  mkdirSync(join(CACHE, "locks"), { recursive: true });
  const file = join(CACHE, "locks", `${name}.lock`);
  while (!takeLock(file)) {
    say("waiting for another run that is doing the same");
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
  try {
    return await work();
  } finally {
    rmSync(file, { force: true });
  }
}

function takeLock(file) {
  // Written aside and linked into place: a lock never exists without its holder's name in it.
  const aside = `${file}.${process.pid}`;
  writeFileSync(aside, `${process.pid} ${startTicks(process.pid)}`);
  try {
    linkSync(aside, file);
    return true;
  } catch (error) {
    if (error.code !== "EEXIST") throw error;
  } finally {
    rmSync(aside, { force: true });
  }
  const holder = readHolder(file);
  if (holder !== undefined && !isAlive(holder)) removeLockOf(holder, file);
  return false;
}

// Two that wait may both see the same dead holder; the slower one must not take away the quicker one's new lock.
function removeLockOf(holder, file) {
  const aside = `${file}.${process.pid}`;
  try {
    renameSync(file, aside);
    if (readHolder(aside) !== holder) linkSync(aside, file);
  } catch (error) {
    if (error.code !== "ENOENT" && error.code !== "EEXIST") throw error;
  } finally {
    rmSync(aside, { force: true });
  }
}

/** "<process number> <start time>" of who holds the lock; undefined when it was just released. */
function readHolder(file) {
  return existsSync(file) ? readFileSync(file, "utf8") : undefined;
}

function isAlive(holder) {
  const [pid, ticks] = holder.split(" ");
  return startTicks(pid) === ticks;
}

/** A process's start time, which tells it from a later one with the same number; "" if there is none (or no /proc). */
function startTicks(pid) {
  try {
    return readFileSync(`/proc/${pid}/stat`, "utf8").split(") ")[1].split(" ")[19];
  } catch {
    // No /proc (macOS): fall back on "is there such a process", as text.
    return isRunning(pid) ? "running" : "";
  }
}

function isRunning(pid) {
  try {
    process.kill(Number(pid), 0);
    return true;
  } catch {
    // ESRCH: no such process. (EPERM cannot be: the cache is this user's own.)
    return false;
  }
}

function removeLeftovers(parent, name) {
  for (const file of readdirSync(parent)) {
    if (file.startsWith(`.making-${name}-`)) rmSync(join(parent, file), { recursive: true, force: true });
  }
}
