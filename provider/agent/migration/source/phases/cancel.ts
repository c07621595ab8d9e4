// Phase `cancel`, before the release: the source's guest goes on, streams and copies are torn down, the destination
// gives up for good. Every step may find its work done already; none may stop the others.

import { qemuSockets } from "../../../../model/qemu-argv/qemu-launch";
import { vmRunFolder } from "../../../host-paths";
import { connectQmp, type QmpClient } from "../../../qmp/qmp-client";
import { noteDecision } from "../../../vm/record/decision-log";
import { pause, pollUntil } from "../../poll-until";
import { type SourceMove, sourceQmp } from "../source-move";
import { tellGivenUp } from "../tell-given-up";
import { mirrorJob, nbdNode } from "./mirror";
import { dropStreamKey } from "./prepare";

const cancelTimeoutMs = 5_000;
/** A monitor that says nothing for this long is taken for mute: the guest may stand still meanwhile. */
const muteMs = 1_500;

/** Brings the guest back to running on the source and the destination to nothing. Never throws; logs what it could not do. */
export async function undoMove(move: SourceMove, because: string): Promise<void> {
  noteDecision(move.agent.ctx, move.record.vmId, {
    decision: "move-undone",
    because: [because, "it was not released: the guest goes on here, and the destination gives up"],
    evidence: { to: move.note.destination.nodeId, generation: move.record.generation },
    moveId: move.note.moveId,
  });
  move.work.report({ phase: "cancel", message: "the VM goes on running here" });
  await attempt(move, "stop the memory stream", () => stopStream(move));
  await attempt(move, "resume the guest", () => resumeGuest(move));
  await attempt(move, "stop the disk copies", () => stopMirrors(move));
  await attempt(move, "remove the stream key", () => dropStreamKey(move));
  await attempt(move, "tell the destination to give up", () => tellGivenUp(move));
}

/** Cancels politely; where QEMU's main loop or a dead link does not answer, tears the connection down out of band. */
async function stopStream(move: SourceMove): Promise<void> {
  const qmp = sourceQmp(move);
  const { status } = await qmp
    .execute("query-migrate", {}, { timeoutMs: muteMs })
    .catch(() => ({ status: "active" as const }));
  if (status === undefined || ["none", "failed", "cancelled", "completed"].includes(status)) return;
  try {
    await qmp.execute("migrate_cancel", {}, { timeoutMs: muteMs });
  } catch {
    // A monitor that does not answer: only the out-of-band one can end the stream.
    await yank(move, { type: "migration" });
  }
  const startedAtMs = performance.now();
  await pollUntil(new AbortController().signal, 20, async () => {
    const info = await qmp.execute("query-migrate", {}, { timeoutMs: cancelTimeoutMs });
    if (performance.now() - startedAtMs > cancelTimeoutMs) await yank(move, { type: "migration" });
    return info.status !== undefined && ["none", "failed", "cancelled"].includes(info.status);
  });
}

/** The record still says `owner`: nobody else can have run the guest, so it may go on here. */
async function resumeGuest(move: SourceMove): Promise<void> {
  const record = move.agent.records.get(move.record.vmId);
  if (record?.role !== "owner" || !record.wantsToRun) return;
  const { status } = await sourceQmp(move).execute("query-status");
  if (status === "paused" || status === "postmigrate" || status === "finish-migrate")
    await sourceQmp(move).execute("cont");
}

/** A forced cancel of a job whose target is silent hangs, so the target's connection is torn down first. */
async function stopMirrors(move: SourceMove): Promise<void> {
  const qmp = sourceQmp(move);
  for (const index of move.diskNodes.keys()) {
    const jobs = await qmp.execute("query-block-jobs");
    if (jobs.some((job) => job.device === mirrorJob(index))) {
      await yank(move, { type: "block-node", "node-name": nbdNode(index) }).catch(() => undefined); // not connected: nothing to tear
      await qmp.execute("block-job-cancel", { device: mirrorJob(index), force: true }).catch(() => undefined); // it ended by itself
    }
  }
  const deadline = performance.now() + cancelTimeoutMs;
  while ((await qmp.execute("query-block-jobs")).length > 0 && performance.now() < deadline) await pause(20);
  for (const index of move.diskNodes.keys())
    await qmp.execute("blockdev-del", { "node-name": nbdNode(index) }).catch(() => undefined); // was never added
}

async function yank(
  move: SourceMove,
  instance: { type: "migration" } | { type: "block-node"; "node-name": string },
): Promise<void> {
  const held = move.outOfBand;
  const client = held ?? (await openOutOfBand(move));
  try {
    await client.executeOutOfBand("yank", { instances: [instance] }, { timeoutMs: cancelTimeoutMs });
  } finally {
    if (held === undefined) client.close();
  }
}

/** Opens the monitor for `yank`. Errors: QMP_CLOSED, TIMED_OUT (QEMU's main loop is stuck, or another client holds it). */
export function openOutOfBand(move: Pick<SourceMove, "agent" | "record">): Promise<QmpClient> {
  const { oob } = qemuSockets(vmRunFolder(move.agent.ctx.paths, move.record.vmId));
  return connectQmp(oob, { oob: true, timeoutMs: cancelTimeoutMs });
}

async function attempt(move: SourceMove, what: string, act: () => Promise<void>): Promise<void> {
  try {
    await act();
  } catch (error) {
    move.agent.ctx.log.write("warn", "undo-step-failed", {
      moveId: move.note.moveId,
      vm: move.record.vmId,
      what,
      error: error instanceof Error ? error.message : String(error),
    });
  }
}
