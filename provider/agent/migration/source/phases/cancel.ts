// Phase `cancel`: what the source's QEMU has of a move that is undone or taken back, torn down, and its guest going on.
// Called as the recovery rule says; every step may find its work done already, and none stops the others.

import { LeeaError } from "../../../../model/errors";
import { mayRun } from "../../../../model/ownership";
import { qemuSockets } from "../../../../model/qemu-argv/qemu-launch";
import { streamOfPort } from "../../../../protocol/peer";
import { vmRunFolder } from "../../../host-paths";
import { connectQmp, type QmpClient } from "../../../qmp/qmp-client";
import type { Machine } from "../../../vm/machine/machines";
import { pause, pollUntil } from "../../poll-until";
import { endCarrier } from "../cold/start-anew";
import type { SourceMove } from "../source-move";
import { breakConnections } from "./break-connections";
import { mirrorJob, nbdNode } from "./mirror";
import { breakStream, endOldStream } from "./old-stream";
import { dropStreamKey } from "./prepare";

const cancelTimeoutMs = 5_000;
/** A cancelled stream ends within milliseconds, but for one whose connections wait for a dead link. */
const tearAfterMs = 1_000;
/** A monitor that says nothing for this long is taken for mute: the guest may stand still meanwhile. */
const muteMs = 1_500;

/** What the way back needs of a move; without a machine there is nothing to tear down. */
type StreamedMove = Pick<SourceMove, "agent" | "note" | "record" | "outOfBand"> & { readonly machine?: Machine };

/** Ends the stream and continues the guest that stands still for the move. Throws where it does not answer. */
export async function continueGuest(move: StreamedMove): Promise<void> {
  await attempt(move, "stop the memory stream", stopStream);
  const record = move.agent.records.get(move.record.vmId);
  const qmp = qmpOf(move);
  if (qmp === undefined || record === undefined || !mayRun(record)) return;
  const { status } = await qmp.execute("query-status", {}, { timeoutMs: cancelTimeoutMs });
  if (["paused", "prelaunch", "postmigrate", "finish-migrate"].includes(status))
    await qmp.execute("cont", {}, { timeoutMs: cancelTimeoutMs });
}

/**
 * A monitor that is mute may wait for a destination that says nothing: its connections are torn down past the main loop,
 * also those of a QEMU that was mute before this agent could take its monitor.
 */
export async function tearStreams(move: StreamedMove): Promise<void> {
  const { agent, record } = move;
  const mark = machineOf(move)?.mark ?? agent.records.get(record.vmId)?.qemu;
  if (mark === undefined) return;
  await note(move, "tear the memory stream", () => yank(move, { type: "migration" }));
  for (const index of record.spec.disks.keys())
    await note(move, "tear a disk copy", () => yank(move, { type: "block-node", "node-name": nbdNode(index) }));
  const isStream = (port: number): boolean => streamOfPort(port) !== undefined;
  await note(move, "break the connections", () => breakConnections(agent.ctx, mark, isStream));
}

/** Tears down what the move left in this host's QEMU. Never throws; logs what it could not do. */
export async function cleanUpStreams(move: StreamedMove): Promise<void> {
  if (move.note.guestRan === false) return attempt(move, "end the QEMU that carried the disks", endCopies);
  if (qmpOf(move) === undefined) return;
  await attempt(move, "stop the memory stream", stopStream);
  await attempt(move, "stop the disk copies", stopMirrors);
  await attempt(move, "remove the stream key", dropStreamKey);
}

async function endCopies(move: StreamedMove): Promise<void> {
  await endCarrier(move, machineOf(move));
}

/** The QEMU of a move: the one that was taken again stands before the one that the move began with. */
export function machineOf(move: Pick<StreamedMove, "agent" | "record" | "machine">): Machine | undefined {
  return move.agent.machines.get(move.record.vmId) ?? move.machine;
}

function qmpOf(move: StreamedMove): QmpClient | undefined {
  return machineOf(move)?.qmp;
}

/** Cancels politely; where QEMU's main loop or a dead link does not answer, tears the connections down past the main loop. */
async function stopStream(move: StreamedMove & { readonly machine: Machine }): Promise<void> {
  const { qmp } = move.machine;
  const { status } = await qmp
    .execute("query-migrate", {}, { timeoutMs: muteMs })
    .catch(() => ({ status: "active" as const }));
  if (hasEnded(status)) return;
  // A monitor that does not answer: only what goes past the main loop can end the stream.
  await qmp.execute("migrate_cancel", {}, { timeoutMs: muteMs }).catch(() => tearStream(move));
  await awaitEnd(move);
  await endOldStream(move);
}

/** One that had loaded before it heard of the cancel is complete: nothing is sent any more, and nothing was granted. */
function hasEnded(status: string | undefined): boolean {
  return status === undefined || ["none", "failed", "cancelled", "completed"].includes(status);
}

async function awaitEnd(move: StreamedMove & { readonly machine: Machine }): Promise<void> {
  const startedAtMs = performance.now();
  let tornAtMs = startedAtMs;
  await pollUntil(new AbortController().signal, 20, async () => {
    const { status } = await move.machine.qmp.execute("query-migrate", {}, { timeoutMs: cancelTimeoutMs });
    if (status !== undefined && hasEnded(status)) return true;
    const nowMs = performance.now();
    if (nowMs - startedAtMs > 3 * cancelTimeoutMs) throw streamStays(status);
    if (nowMs - tornAtMs > tearAfterMs) {
      await tearStream(move);
      tornAtMs = performance.now();
    }
    return false;
  });
}

/** QEMU yanks only connections that stand; the kernel breaks the others. */
async function tearStream(move: StreamedMove & { readonly machine: Machine }): Promise<void> {
  await yank(move, { type: "migration" }).catch(() => undefined); // none stands, or the monitor for it is not to be had
  await breakStream(move);
}

/** Its end is not waited for without a bound: without a grant nobody can run what it still carries over. */
function streamStays(status: string | undefined): LeeaError {
  return new LeeaError({
    code: "TIMED_OUT",
    message: `QEMU still reports the stream as ${status ?? "unknown"} ${(3 * cancelTimeoutMs) / 1000} s after its end was asked for`,
    hint: "The guest goes on; restart the VM before it is moved again.",
  });
}

/** A forced cancel of a job whose target is silent hangs, so the target's connection is torn down first. */
async function stopMirrors(move: StreamedMove & { readonly machine: Machine }): Promise<void> {
  const { qmp } = move.machine;
  for (const index of move.record.spec.disks.keys()) {
    const jobs = await qmp.execute("query-block-jobs");
    if (jobs.some((job) => job.device === mirrorJob(index))) {
      await yank(move, { type: "block-node", "node-name": nbdNode(index) }).catch(() => undefined); // not connected: nothing to tear
      await qmp.execute("block-job-cancel", { device: mirrorJob(index), force: true }).catch(() => undefined); // it ended by itself
    }
  }
  const deadline = performance.now() + cancelTimeoutMs;
  while ((await qmp.execute("query-block-jobs")).length > 0 && performance.now() < deadline) await pause(20);
  for (const index of move.record.spec.disks.keys())
    await qmp.execute("blockdev-del", { "node-name": nbdNode(index) }).catch(() => undefined); // was never added
}

async function yank(
  move: StreamedMove,
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

async function attempt(
  move: StreamedMove,
  what: string,
  act: (move: StreamedMove & { readonly machine: Machine }) => Promise<void>,
): Promise<void> {
  const machine = machineOf(move);
  if (machine !== undefined) await note(move, what, () => act({ ...move, machine }));
}

/** Goes on after a step that failed, and says which one it was. */
async function note(move: StreamedMove, what: string, act: () => Promise<void>): Promise<void> {
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
