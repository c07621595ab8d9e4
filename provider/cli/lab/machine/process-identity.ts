// Tells one process from a later one with the same number. Reads /proc only; never signals anything.

import { readdirSync, readFileSync } from "node:fs";

/** A process of this machine: its number and its start time (clock ticks since boot, proc(5) stat field 22). */
export interface ProcessIdentity {
  readonly pid: number;
  readonly startTime: string;
}

/** The identity of the running process `pid`; undefined when there is none, or only its zombie. */
export function identifyProcess(pid: number): ProcessIdentity | undefined {
  const stat = readProcFile(pid, "stat");
  // The second field is the program's name in parentheses and may itself hold spaces and parentheses.
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  const [state, startTime] = [fields[0], fields[19]];
  return startTime === undefined || state === "Z" || state === "X" ? undefined : { pid, startTime };
}

/** True while exactly this process runs. */
export function isAlive(identity: ProcessIdentity): boolean {
  return identifyProcess(identity.pid)?.startTime === identity.startTime;
}

/** Every first process of a process namespace whose arguments hold `script`, an absolute path. */
export function findFirstProcesses(script: string): ProcessIdentity[] {
  return readdirSync("/proc")
    .filter((entry) => /^\d+$/.test(entry))
    .map(Number)
    .filter((pid) => readProcFile(pid, "cmdline").split("\0").includes(script) && isFirstOfNamespace(pid))
    .flatMap((pid) => identifyProcess(pid) ?? []);
}

/** proc(5): NSpid lists the process's number in each nested namespace; the last is the innermost. */
function isFirstOfNamespace(pid: number): boolean {
  const numbers = /^NSpid:\t(.*)$/m.exec(readProcFile(pid, "status"))?.[1]?.split("\t") ?? [];
  return numbers.length > 1 && numbers.at(-1) === "1";
}

function readProcFile(pid: number, name: string): string {
  try {
    return readFileSync(`/proc/${pid}/${name}`, "utf8");
  } catch {
    // The process ended in the meantime; an empty text says so.
    return "";
  }
}
