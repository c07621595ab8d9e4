// A live move, owned by the source agent from beginning to end: this file is its table of contents. Whatever happens,
// it ends with exactly one host that may run the VM, or stands and says whom it must reach.

import { isLeeaError, LeeaError } from "../../../model/errors";
import type { MoveResult } from "../../../protocol/vm";
import type { ReadyHandOver } from "../../net/vm-routes";
import { refuseCancelled } from "../poll-until";
import { endBrokenMove } from "../recovery/end-broken-move";
import { askForGrant } from "./ask-for-grant";
import { keepAlive } from "./keep-alive";
import { handOverHere, planHandOver } from "./move-route";
import { openOutOfBand } from "./phases/cancel";
import { type Completion, switchOver } from "./phases/cutover";
import { letGoOfGpus } from "./phases/eject";
import { finishMove } from "./phases/finish";
import { mirrorDisks } from "./phases/mirror";
import { sendMemory } from "./phases/precopy";
import { checkSource } from "./phases/preflight";
import { prepareBoth } from "./phases/prepare";
import { dropNote, type SourceMove } from "./source-move";

/** Runs the move. Errors: MOVE_FAILED, CANCELLED (the VM runs here, nothing is left there), PREFLIGHT_FAILED. */
export async function runMove(begun: SourceMove): Promise<MoveResult> {
  const outOfBand = await openOutOfBand(begun).catch(async (error: unknown) => {
    await dropNote(begun.agent, begun.note.moveId); // the destination knows nothing of the move yet
    throw error;
  });
  try {
    return await runLive({ ...begun, outOfBand });
  } finally {
    outOfBand.close();
  }
}

async function runLive(move: SourceMove): Promise<MoveResult> {
  const { completion, diskBytes, stoppedAtMs } = await bringAcross(move);
  const grantedAtMs = await askForGrant(move, (error) => failedMove(move, error));
  // QEMU counts from its own stop at the gate, which may begin before its STOP event, and after ours at a deadline.
  const counted = (completion.info.downtime ?? 0) + (grantedAtMs - completion.completedAtMs);
  const downtimeMs = Math.max(counted, stoppedAtMs === undefined ? 0 : grantedAtMs - stoppedAtMs);
  const { ram } = completion.info;
  const memory = { ramBytes: ram?.transferred ?? 0, passes: ram?.["dirty-sync-count"] ?? 0 };
  return finishMove(move, { mode: "live", ...memory, diskBytes, downtimeMs });
}

interface Across {
  readonly completion: Completion;
  readonly diskBytes: number;
  readonly stoppedAtMs: number | undefined;
}

/** Everything that can still be undone here. */
async function bringAcross(move: SourceMove): Promise<Across> {
  const stop: { atMs?: number; route?: Promise<number>; ready?: ReadyHandOver | undefined; isUndone?: true } = {};
  const isHeard = keepAlive(move);
  try {
    await checkSource(move);
    const listener = await prepareBoth(move);
    const diskBytes = await mirrorDisks(move, listener);
    await letGoOfGpus(move);
    stop.ready = await planHandOver(move);
    const { gateAtMs } = await sendMemory(move, listener, (atMs) => {
      if (stop.isUndone === true) return; // the gate was reached after the cancel
      stop.atMs = atMs;
      stop.route = handOverHere(move, stop.ready);
    });
    refuseCancelled(move.work.signal);
    const completion = await switchOver(move);
    const routedAtMs = await stop.route;
    refuseCancelled(move.work.signal);
    logTimes(move, {
      stop: stop.atMs,
      routed: routedAtMs,
      gate: gateAtMs,
      mirrorsEnded: completion.mirrorsEndedAtMs,
      completed: completion.completedAtMs,
    });
    return { completion, diskBytes, stoppedAtMs: stop.atMs };
  } catch (error) {
    stop.isUndone = true;
    await stop.route?.catch(() => undefined); // undone next, done or not
    await endBrokenMove({ ...move, because: [error instanceof Error ? error.message : String(error)] });
    throw failedMove(move, error);
  } finally {
    isHeard.end();
    stop.ready?.drop();
  }
}

/** Where the outage went, in the log: `ms` after QEMU's STOP event. */
function logTimes(move: SourceMove, times: Readonly<Record<string, number | undefined>>): void {
  const zero = times["stop"] ?? 0;
  const after = Object.entries(times).map(([name, atMs]) => [name, Math.round(((atMs ?? zero) - zero) * 10) / 10]);
  move.agent.ctx.log.write("info", "cutover-times", {
    moveId: move.note.moveId,
    vm: move.record.vmId,
    ...Object.fromEntries(after),
  });
}

function failedMove(move: SourceMove, cause: unknown): LeeaError {
  if (isLeeaError(cause, "CANCELLED") || isLeeaError(cause, "PREFLIGHT_FAILED")) return cause;
  const lives = move.agent.machines.get(move.record.vmId) !== undefined;
  return new LeeaError({
    code: "MOVE_FAILED",
    message: `Unable to move VM "${move.record.spec.name}" to ${move.note.destination.name}: ${lives ? "it runs on its source as before" : "its QEMU on the source ended"}`,
    hint: lives
      ? "Mend what the cause names and run again."
      : "Run `pulumi refresh` and `pulumi up`: it is started again from its disks on its source.",
    cause,
  });
}
