// A move of a VM that does not run meanwhile: shut down for it, or stopped already. Same records, same release and grant
// as a live one; what goes over are the disks, and the guest starts from its boot loader on the other host.
//
//   preflight ─ prepare ─ mirror (the guest still runs) ─ shutdown ─ rest of the disks ─ end mirrors ─ D: waiting QEMU ─
//   route ─ end our QEMU ─ [sync released] ─ grant ─ D: [sync owner n+1] cont

import { isLeeaError, LeeaError } from "../../../../model/errors";
import type { MoveResult } from "../../../../protocol/vm";
import { refuseCancelled } from "../../poll-until";
import { endBrokenMove } from "../../recovery/end-broken-move";
import { askForGrant } from "../ask-for-grant";
import { keepAlive } from "../keep-alive";
import { handOverHere, planHandOver } from "../move-route";
import { finishMove } from "../phases/finish";
import { awaitMirrors, endMirrors, startMirrors } from "../phases/mirror";
import { checkColdSource } from "../phases/preflight";
import { prepareBoth } from "../phases/prepare";
import { askDestination, rulesOfMove, type SourceMove } from "../source-move";
import { shutDownGuest } from "./shut-down-guest";
import { endCarrier } from "./start-anew";

/** The destination exchanges its QEMU meanwhile. */
const settleTimeoutMs = 90_000;

/** Runs the move. Errors: MOVE_FAILED, CANCELLED (the VM is here as it was, started again if it ran), PREFLIGHT_FAILED. */
export async function runColdMove(move: SourceMove): Promise<MoveResult> {
  const { diskBytes, orderedAtMs } = await bringDisksAcross(move);
  const grantedAtMs = await askForGrant(move, (error) => failedMove(move, error));
  const downtimeMs = orderedAtMs === undefined ? 0 : grantedAtMs - orderedAtMs;
  return finishMove(move, { mode: "cold", ramBytes: 0, passes: 0, diskBytes, downtimeMs });
}

async function bringDisksAcross(move: SourceMove): Promise<{ diskBytes: number; orderedAtMs: number | undefined }> {
  const isHeard = keepAlive(move);
  try {
    await checkColdSource(move);
    const listener = await prepareBoth(move);
    const mirrors = await startMirrors(move, listener);
    await awaitMirrors(move, mirrors, rulesOfMove(move).deadlineMs); // late is no fault here: the rest goes over when nothing is written any more
    const orderedAtMs = move.note.guestRan === true ? await shutDownGuest(move) : undefined;
    refuseCancelled(move.work.signal);
    const { bytes } = await awaitMirrors(move, mirrors, Number.POSITIVE_INFINITY);
    move.work.report({ phase: "cutover" });
    await endMirrors(move);
    await askDestination(move, "settleDisks", undefined, settleTimeoutMs);
    await handOver(move);
    await endCarrier(move, move.machine);
    refuseCancelled(move.work.signal);
    return { diskBytes: bytes, orderedAtMs };
  } catch (error) {
    await endBrokenMove({ ...move, because: [error instanceof Error ? error.message : String(error)] });
    throw failedMove(move, error);
  } finally {
    isHeard.end();
  }
}

/** A VM that was not to run keeps its address as it is; the new host announces it with the grant. */
async function handOver(move: SourceMove): Promise<void> {
  if (!move.record.wantsToRun) return;
  await handOverHere(move, await planHandOver(move));
}

function failedMove(move: SourceMove, cause: unknown): LeeaError {
  if (isLeeaError(cause, "CANCELLED") || isLeeaError(cause, "PREFLIGHT_FAILED")) return cause;
  const lives = move.agent.machines.get(move.record.vmId) !== undefined;
  const state = lives ? "it runs on its source" : "it is on its source and does not run";
  return new LeeaError({
    code: "MOVE_FAILED",
    message: `Unable to move VM "${move.record.spec.name}" to ${move.note.destination.name}: ${state}`,
    hint: "Mend what the cause names and run again.",
    cause,
  });
}
