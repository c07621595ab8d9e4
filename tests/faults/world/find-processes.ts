// Processes of a lab's host as this machine sees them: by the host's pid namespace and by what they were started with.
// A fault must reach its process at once, so nothing here starts a program.

import { readdirSync, readFileSync, readlinkSync } from "node:fs";
import type { Lab } from "../../../provider/cli/lab/lab";

/** A process by this machine's pid. */
export interface FoundProcess {
  readonly pid: number;
  readonly argv: readonly string[];
}

/** Every process of the host whose arguments fit; none while its power is off. */
export function findProcesses(lab: Lab, host: string, fits: (argv: readonly string[]) => boolean): FoundProcess[] {
  const first = lab.hosts.find(({ name }) => name === host)?.pid;
  const space = first === null || first === undefined ? undefined : pidNamespace(first);
  if (space === undefined) return [];
  return listPids()
    .map((pid) => ({ pid, argv: readArgv(pid) }))
    .filter(({ pid, argv }) => argv.length > 0 && fits(argv) && pidNamespace(pid) === space);
}

/** True for the arguments of an agent. */
export function isAgent(argv: readonly string[]): boolean {
  return argv[1]?.endsWith("/agent.cjs") === true && argv[2] === "serve";
}

/** The host's agent. Throws when it does not run. */
export function findAgent(lab: Lab, host: string): number {
  const [agent] = findProcesses(lab, host, isAgent);
  if (agent === undefined) throw new Error(`no agent runs on host ${host}`);
  return agent.pid;
}

/** Sends a signal; a process that has ended already is fine. */
export function signalProcess(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch {
    // It ended between the look and the signal.
  }
}

/** This machine's pids. */
export function listPids(): number[] {
  return readdirSync("/proc")
    .filter((name) => /^[0-9]+$/.test(name))
    .map(Number);
}

/** Arguments of a process; empty for one that has ended. */
export function readArgv(pid: number): readonly string[] {
  return readOrEmpty(() => readFileSync(`/proc/${pid}/cmdline`, "utf8"))
    .split("\0")
    .slice(0, -1);
}

/** Name of the process's pid namespace; undefined for one that has ended. */
export function pidNamespace(pid: number): string | undefined {
  return readOrEmpty(() => readlinkSync(`/proc/${pid}/ns/pid`)) || undefined;
}

function readOrEmpty(read: () => string): string {
  try {
    return read();
  } catch {
    return ""; // ended meanwhile
  }
}
