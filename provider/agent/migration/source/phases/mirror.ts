// Phase `mirror`: every disk is copied to the destination's export and kept equal from then on. A mirror counts as
// good only after READY, and at the cutover only after COMPLETED without an error (QAPI blockdev-mirror, BLOCK_JOB_*).

import { LeeaError } from "../../../../model/errors";
import { formatQuantity } from "../../../../model/inputs/parse-quantity";
import { ProgressMeter } from "../../../../model/move/progress-meter";
import type { PrepareMoveResponse } from "../../../../protocol/peer";
import type { QmpBlockJob } from "../../../qmp/commands";
import type { QmpEvent } from "../../../qmp/events";
import { pollUntil } from "../../poll-until";
import { rulesOfMove, type SourceMove, sourceQmp } from "../source-move";
import { stalledMove } from "./stall";

const lookMs = 100;
const longestMs = 8 * 24 * 3_600_000;
const completeTimeoutMs = 10_000;

/** Name of the source's node that writes to the destination's export of a disk. */
export function nbdNode(index: number): string {
  return `nbd-${index}`;
}

/** Name of the job that mirrors a disk. */
export function mirrorJob(index: number): string {
  return `mirror-${index}`;
}

/** Mirrors under way: the jobs that are not READY yet, when the last of them is, and what the looks at them told. */
export interface Mirrors {
  readonly waiting: ReadonlySet<string>;
  readonly ready: Promise<void>;
  readonly meter: ProgressMeter;
}

/** Starts a mirror a disk. */
export async function startMirrors(move: SourceMove, listener: PrepareMoveResponse): Promise<Mirrors> {
  const since = sourceQmp(move).cursor();
  for (const [index, node] of move.diskNodes.entries()) await startMirror(move, listener, index, node);
  return { ...awaitReady(move, since), meter: new ProgressMeter() };
}

/** Waits until all are READY, or gives `late` when they got no nearer for `deadlineMs`. Errors: MOVE_FAILED, CANCELLED. */
export async function awaitMirrors(
  move: SourceMove,
  { waiting, ready, meter }: Mirrors,
  deadlineMs: number,
): Promise<{ readonly state: "ready" | "late"; readonly bytes: number }> {
  const { stallTimeoutMs } = rulesOfMove(move);
  let bytes = 0;
  let isLate = false;
  const look = async (): Promise<boolean> => {
    bytes = await lookAtMirrors(move, meter);
    if (waiting.size === 0) return true;
    if (meter.stillMs > stallTimeoutMs) throw stalledMove(move, "disks");
    isLate = meter.noNearerMs > deadlineMs;
    return isLate;
  };
  await pollUntil(move.work.signal, lookMs, look, ready);
  return { state: isLate ? "late" : "ready", bytes };
}

/** Copies the disks of a running guest until all copies are equal; gives the bytes copied. Errors: MOVE_FAILED, CANCELLED. */
export async function mirrorDisks(move: SourceMove, listener: PrepareMoveResponse): Promise<number> {
  const mirrors = await startMirrors(move, listener);
  const { state, bytes } = await awaitMirrors(move, mirrors, rulesOfMove(move).deadlineMs);
  if (state === "late") throw neverEqual(move);
  await liftSpeed(move);
  return bytes;
}

/** What the guest writes from now on must not wait for the copy's share of the way: it could hold up the cutover. */
export async function liftSpeed(move: SourceMove): Promise<void> {
  if (rulesOfMove(move).maxBandwidthBytesPerSecond === undefined) return;
  for (const index of move.diskNodes.keys())
    await sourceQmp(move).execute("block-job-set-speed", { device: mirrorJob(index), speed: 0 });
}

async function startMirror(
  move: SourceMove,
  listener: PrepareMoveResponse,
  index: number,
  node: string,
): Promise<void> {
  const qmp = sourceQmp(move);
  await qmp.execute("blockdev-add", {
    driver: "nbd",
    "node-name": nbdNode(index),
    server: { type: "inet", host: listener.address, port: String(listener.nbdPort) },
    export: node,
    "tls-creds": "leea-client",
    // Without both, a hole arrives as zeros that take room there, and are sent as data by every later move.
    discard: "unmap",
    "detect-zeroes": "unmap",
  });
  const { maxBandwidthBytesPerSecond: rate } = rulesOfMove(move);
  await qmp.execute("blockdev-mirror", {
    "job-id": mirrorJob(index),
    device: node,
    target: nbdNode(index),
    sync: "full",
    ...(rate === undefined ? {} : { speed: Math.max(1, Math.floor(rate / move.diskNodes.length)) }),
  });
}

/** The jobs that are not READY yet; each leaves the set by its own event, counted from `since`. */
function awaitReady(move: SourceMove, since: number): Pick<Mirrors, "waiting" | "ready"> {
  const waiting = new Set([...move.diskNodes.keys()].map(mirrorJob));
  const each = [...waiting].map((job) =>
    sourceQmp(move)
      .waitEvent((event) => isJobEvent(event, job, "BLOCK_JOB_READY"), { since, timeoutMs: longestMs })
      .then(
        () => void waiting.delete(job),
        () => undefined, // the monitor closed: the next look says so
      ),
  );
  return { waiting, ready: Promise.all(each).then(() => undefined) };
}

/** Reports how far the copies are; gives the bytes copied. Error: MOVE_FAILED when a job is gone. */
async function lookAtMirrors(move: SourceMove, meter: ProgressMeter): Promise<number> {
  const { stallTimeoutMs } = rulesOfMove(move);
  const jobs = await sourceQmp(move).execute("query-block-jobs", {}, { timeoutMs: stallTimeoutMs });
  failOnLostJob(
    move,
    jobs.map((job) => job.device),
  );
  const bytesDone = sum(jobs, "offset");
  const bytesTotal = sum(jobs, "len");
  meter.note(performance.now(), bytesDone, bytesTotal - bytesDone);
  move.work.report({ phase: "mirror", ...meter.describe(bytesDone, bytesTotal) });
  return bytesDone;
}

function sum(jobs: readonly QmpBlockJob[], field: "offset" | "len"): number {
  return jobs.reduce((total, job) => total + job[field], 0);
}

/** At the gate: ends every mirror with both sides equal, and lets go of the exports. */
export async function endMirrors(move: SourceMove): Promise<void> {
  const qmp = sourceQmp(move);
  for (const index of move.diskNodes.keys()) {
    const since = qmp.cursor();
    await qmp.execute("block-job-cancel", { device: mirrorJob(index) }, { timeoutMs: completeTimeoutMs });
    const ended = await qmp.waitEvent(
      (event) =>
        isJobEvent(event, mirrorJob(index), "BLOCK_JOB_COMPLETED") ||
        isJobEvent(event, mirrorJob(index), "BLOCK_JOB_CANCELLED"),
      { since, timeoutMs: completeTimeoutMs },
    );
    failOnBadEnd(index, ended);
  }
  for (const index of move.diskNodes.keys()) await qmp.execute("blockdev-del", { "node-name": nbdNode(index) });
}

/** A copy counts only when its job COMPLETED without an error (QAPI BLOCK_JOB_COMPLETED, BLOCK_JOB_CANCELLED). */
function failOnBadEnd(index: number, ended: QmpEvent): void {
  const error = ended.event === "BLOCK_JOB_COMPLETED" ? ended.data.error : "it ended before it was complete";
  if (error === undefined) return;
  throw new LeeaError({
    code: "MOVE_FAILED",
    message: `the copy of disk ${index} broke: ${error}`,
    hint: "Look at the destination's disk space and at the link between the hosts.",
  });
}

function isJobEvent(event: QmpEvent, job: string, name: string): boolean {
  return event.event === name && event.data["device"] === job;
}

function failOnLostJob(move: SourceMove, devices: readonly string[]): void {
  const lost = move.diskNodes.findIndex((_, index) => !devices.includes(mirrorJob(index)));
  if (lost === -1) return;
  throw new LeeaError({
    code: "MOVE_FAILED",
    message: `the copy of disk ${lost} to ${move.note.destination.name} broke off`,
    hint: "Look at the destination's disk space and at the link between the hosts.",
  });
}

function neverEqual(move: SourceMove): LeeaError {
  const { deadlineMs } = rulesOfMove(move);
  return new LeeaError({
    code: "MOVE_FAILED",
    message: `the copies of the disks got no nearer to their end for ${formatQuantity(deadlineMs, "duration")}: the guest writes faster than ${move.note.destination.name} takes it`,
    hint: 'Move it while it writes less, raise migration.maxBandwidth, or declare migration.mode: "cold" to shut it down, copy and start it there.',
    details: { deadlineMs },
  });
}
