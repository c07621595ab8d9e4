// Phase `mirror`: every disk is copied to the destination's export and kept equal from then on. A mirror counts as
// good only after READY, and at the cutover only after COMPLETED without an error (QAPI blockdev-mirror, BLOCK_JOB_*).

import { LeeaError } from "../../../../model/errors";
import type { PrepareMoveResponse } from "../../../../protocol/peer";
import type { QmpEvent } from "../../../qmp/events";
import { pollUntil } from "../../poll-until";
import { type SourceMove, sourceQmp } from "../source-move";

const stallMs = 60_000;
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
  const qmp = sourceQmp(move);
  const since = qmp.cursor();
  for (const [index, node] of move.diskNodes.entries()) {
    await qmp.execute("blockdev-add", {
      driver: "nbd",
      "node-name": nbdNode(index),
      server: { type: "inet", host: listener.address, port: String(listener.nbdPort) },
      export: node,
      "tls-creds": "leea-client",
    });
    await qmp.execute("blockdev-mirror", {
      "job-id": mirrorJob(index),
      device: node,
      target: nbdNode(index),
      sync: "full",
    });
  }
  const waiting = new Set(move.diskNodes.map((_, index) => mirrorJob(index)));
  for (const job of [...waiting])
    void qmp
      .waitEvent((event) => isJobEvent(event, job, "BLOCK_JOB_READY"), { since, timeoutMs: 3_600_000 * 24 })
      .then(
        () => waiting.delete(job),
        () => undefined,
      );
  let bytes = 0;
  let moved = move.agent.ctx.system.nowMs();
  await pollUntil(move.work.signal, 100, async () => {
    const jobs = await qmp.execute("query-block-jobs");
    failOnLostJob(
      move,
      jobs.map((job) => job.device),
    );
    const done = jobs.reduce((sum, job) => sum + job.offset, 0);
    const total = jobs.reduce((sum, job) => sum + job.len, 0);
    if (done !== bytes) moved = move.agent.ctx.system.nowMs();
    const sinceMs = Math.max(1, move.agent.ctx.system.nowMs() - move.startedAtMs);
    bytes = done;
    move.work.report({
      phase: "mirror",
      bytesDone: done,
      bytesTotal: total,
      bytesPerSecond: Math.round((done * 1000) / sinceMs),
    });
    if (move.agent.ctx.system.nowMs() - moved > stallMs) throw stalled(move);
    return waiting.size === 0;
  });
  return bytes;
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
    const problem = ended.event === "BLOCK_JOB_CANCELLED" ? "it ended before it was complete" : ended.data["error"];
    if (problem !== undefined)
      throw new LeeaError({
        code: "MOVE_FAILED",
        message: `the copy of disk ${index} broke: ${String(problem)}`,
        hint: "Look at the destination's disk space and at the link between the hosts.",
      });
  }
  for (const index of move.diskNodes.keys()) await qmp.execute("blockdev-del", { "node-name": nbdNode(index) });
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
