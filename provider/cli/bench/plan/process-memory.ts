// The most memory that a plugin of a running command ever held: each command starts its providers anew, and they are gone
// with it.

import { readdirSync, readFileSync } from "node:fs";

const lookEveryMs = 10;

/** A watch that goes on. `stop` ends it and gives the highest peak of any child, in bytes. */
export interface MemoryWatch {
  readonly stop: () => number;
}

/** Looks at the children of a process until it is stopped (proc(5), VmHWM). It keeps no process alive. */
export function watchMemory(parent: number): MemoryWatch {
  let highest = 0;
  const look = (): void => {
    for (const child of childrenOf(parent)) highest = Math.max(highest, peakOf(child));
  };
  const timer = setInterval(look, lookEveryMs).unref();
  const stop = (): number => {
    clearInterval(timer);
    return highest;
  };
  return { stop };
}

function childrenOf(parent: number): number[] {
  return readIfAlive(
    () =>
      readdirSync(`/proc/${parent}/task`).flatMap((thread) =>
        readFileSync(`/proc/${parent}/task/${thread}/children`, "utf8").split(" ").filter(Boolean).map(Number),
      ),
    [],
  );
}

function peakOf(pid: number): number {
  const status = readIfAlive(() => readFileSync(`/proc/${pid}/status`, "utf8"), "");
  return Number(/^VmHWM:\s+(\d+) kB$/m.exec(status)?.[1] ?? 0) * 1024;
}

function readIfAlive<T>(read: () => T, otherwise: T): T {
  try {
    return read();
  } catch {
    return otherwise; // it ended meanwhile
  }
}
