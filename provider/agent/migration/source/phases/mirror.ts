// Phase `mirror`: every disk is copied to the destination's export and kept equal from then on. A mirror counts as
// good only after READY, and at the cutover only after COMPLETED without an error (QAPI blockdev-mirror, BLOCK_JOB_*).

import { LeeaError } from "../../../../model/errors";
import type { PrepareMoveResponse } from "../../../../protocol/peer";
import type { QmpEvent } from "../../../qmp/events";
import { pollUntil } from "../../poll-until";
import { type SourceMove, sourceQmp } from "../source-move";

const stallMs = 60_000;
const lookMs = 100;
const longestMs = 24 * 3_600_000;
const completeTimeoutMs = 10_000;

/** Name of the source's node that writes to the destination's export of a disk. */
export function nbdNode(index: number): string {
  return `nbd-${index}`;
}

/** Name of the job that mirrors a disk. */
export function mirrorJob(index: number): string {
  return `mirror-${index}`;
}

/** Starts a mirror a disk and waits until all are READY; gives the bytes copied. */
export async function mirrorDisks(move: SourceMove, listener: PrepareMoveResponse): Promise<number> {
  const since = sourceQmp(move).cursor();
  for (const [index, node] of move.diskNodes.entries()) await startMirror(move, listener, index, node);
  const waiting = awaitReady(move, since);
  let bytes = 0;
  let movedAtMs = move.agent.ctx.system.nowMs();
  await pollUntil(move.work.signal, lookMs, async () => {
    const done = await lookAtMirrors(move);
    const nowMs = move.agent.ctx.system.nowMs();
    if (done !== bytes) movedAtMs = nowMs;
    bytes = done;
    if (nowMs - movedAtMs > stallMs) throw stalled(move);
    return waiting.size === 0;
  });
  return bytes;
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
  });
  const target = nbdNode(index);
  await qmp.execute("blockdev-mirror", { "job-id": mirrorJob(index), device: node, target, sync: "full" });
}

/** The jobs that are not READY yet; each leaves the set by its own event, counted from `since`. */
function awaitReady(move: SourceMove, since: number): ReadonlySet<string> {
  const waiting = new Set([...move.diskNodes.keys()].map(mirrorJob));
  for (const job of [...waiting]) {
    const ready = sourceQmp(move).waitEvent((event) => isJobEvent(event, job, "BLOCK_JOB_READY"), {
      since,
      timeoutMs: longestMs,
    });
    ready.then(
      () => waiting.delete(job),
      () => undefined, // the monitor closed: the next look says so
    );
  }
  return waiting;
}

/** Reports how far the copies are; gives the bytes copied. Error: MOVE_FAILED when a job is gone. */
async function lookAtMirrors(move: SourceMove): Promise<number> {
  const jobs = await sourceQmp(move).execute("query-block-jobs");
  const devices = jobs.map((job) => job.device);
  failOnLostJob(move, devices);
  const bytesDone = jobs.reduce((sum, job) => sum + job.offset, 0);
  const bytesTotal = jobs.reduce((sum, job) => sum + job.len, 0);
  const sinceMs = Math.max(1, move.agent.ctx.system.nowMs() - move.startedAtMs);
  const bytesPerSecond = Math.round((bytesDone * 1000) / sinceMs);
  move.work.report({ phase: "mirror", bytesDone, bytesTotal, bytesPerSecond });
  return bytesDone;
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

function stalled(move: SourceMove): LeeaError {
  return new LeeaError({
    code: "MOVE_FAILED",
    message: `no byte of the disks reached ${move.note.destination.name} for ${stallMs / 1000} s`,
    hint: "Look at the link between the hosts.",
  });
}
