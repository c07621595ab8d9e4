// Ends what an earlier story of this checkout left running: the story itself and every program that it started, which
// carry a mark in their environment. It must never end anything without that mark or that record.

import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { setTimeout as wait } from "node:timers/promises";
import { identifyProcess, isAlive, type ProcessIdentity } from "../../lab/machine/process-identity";
import type { Checkout } from "./checkout";

const endDeadlineMs = 10_000;

/** The environment variable that marks the story's programs; its value is the checkout's root. */
export const storyMark = "LEEA_STORY";

/** Ends them and gives how many there were. They are killed outright: their lab and their state are thrown away. */
export async function endEarlierRun(checkout: Checkout): Promise<number> {
  const found = [...findRecordedStory(checkout), ...findMarked(checkout)];
  for (const { pid } of found) endProcess(pid);
  const deadline = Date.now() + endDeadlineMs;
  while (found.some(isAlive) && Date.now() < deadline) await wait(20);
  return found.length;
}

/** Records this process as the running story. */
export function recordRun(checkout: Checkout): void {
  writeFileSync(checkout.runFile, `${JSON.stringify(identifyProcess(process.pid))}\n`);
}

function findRecordedStory(checkout: Checkout): ProcessIdentity[] {
  try {
    const recorded = JSON.parse(readFileSync(checkout.runFile, "utf8")) as ProcessIdentity;
    return isAlive(recorded) && recorded.pid !== process.pid ? [recorded] : [];
  } catch {
    // There was no run, or it was killed while it wrote its record: then it had started nothing.
    return [];
  }
}

function findMarked(checkout: Checkout): ProcessIdentity[] {
  const mark = `${storyMark}=${checkout.root}`;
  return readdirSync("/proc")
    .filter((entry) => /^\d+$/.test(entry) && Number(entry) !== process.pid)
    .filter((entry) => readEnvironment(entry).includes(mark))
    .flatMap((entry) => identifyProcess(Number(entry)) ?? []);
}

function readEnvironment(pid: string): readonly string[] {
  try {
    return readFileSync(`/proc/${pid}/environ`, "utf8").split("\0");
  } catch {
    // It ended in the meantime, or it is another user's.
    return [];
  }
}

function endProcess(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch {
    // It ended by itself.
  }
}
