// kill -9 of a program and of all that it started, or of what it started alone, found by /proc while they live: what a closed
// laptop leaves of an engine, and an engine whose plugin dies.

import type { ChildProcess } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { waitFor } from "./wait-for";

/** Kills them all, parents first, so that none sees its child die. Nothing happens for one that has ended. */
export function killTree(child: ChildProcess): void {
  const parents = readParents();
  const isOurs = (pid: number | undefined): boolean =>
    pid !== undefined && pid > 1 && (pid === child.pid || isOurs(parents.get(pid)));
  killAll([...parents.keys()].filter(isOurs).sort((one, other) => one - other));
}

/** Kills what the program itself started, and neither it nor what those started. How many there were. */
export function killChildren({ pid }: ChildProcess): number {
  const children = [...readParents()].flatMap(([child, parent]) => (parent === pid ? [child] : []));
  killAll(children);
  return children.length;
}

function killAll(pids: readonly number[]): void {
  for (const pid of pids) {
    try {
      process.kill(pid, "SIGKILL");
    } catch {
      // It ended meanwhile.
    }
  }
}

/** Waits until the program itself has ended. */
export async function waitForEnd(child: ChildProcess): Promise<void> {
  await waitFor("the program's end", () => child.exitCode !== null || child.signalCode !== null);
}

/** Parents by pid; /proc/PID/stat, field 4. */
function readParents(): ReadonlyMap<number, number> {
  const parents = new Map<number, number>();
  for (const name of readdirSync("/proc").filter((each) => /^\d+$/.test(each))) {
    try {
      const text = readFileSync(`/proc/${name}/stat`, "utf8");
      parents.set(Number(name), Number(text.slice(text.lastIndexOf(")") + 2).split(" ")[1]));
    } catch {
      // It ended meanwhile.
    }
  }
  return parents;
}
