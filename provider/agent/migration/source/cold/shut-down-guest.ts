// Phase `shutdown` of a cold move: the guest ends in order, or its power is cut at the deadline, and its QEMU stays: it
// carries the disks to the other host. From the note on, this guest goes on nowhere; it only starts anew.

import { LeeaError } from "../../../../model/errors";
import { formatQuantity } from "../../../../model/inputs/parse-quantity";
import { askToShutDown } from "../../../vm/machine/ask-to-shut-down";
import { noteDecision } from "../../../vm/record/decision-log";
import { rulesOfMove, type SourceMove, saveNote, sourceQmp } from "../source-move";

/** Shuts the guest down; gives the monotonic time of the order. Errors: QMP_CLOSED (its QEMU ended), MOVE_FAILED. */
export async function shutDownGuest(move: SourceMove): Promise<number> {
  const { shutdownTimeoutMs } = rulesOfMove(move);
  move.work.report({
    phase: "shutdown",
    message: `the guest is asked to shut down, for at most ${formatQuantity(shutdownTimeoutMs, "duration")}`,
  });
  await saveNote(move.agent, { ...move.note, shutdownAsked: true });
  move.agent.machines.detach(move.record.vmId); // its end is our doing, not the guest's
  const qmp = sourceQmp(move);
  await qmp.execute("set-action", { shutdown: "pause" });
  const orderedAtMs = performance.now();
  const hasObeyed = await askToShutDown(qmp, shutdownTimeoutMs);
  if (!hasObeyed) await qmp.execute("stop");
  note(move, hasObeyed);
  await demandDown(move);
  return orderedAtMs;
}

function note(move: SourceMove, hasObeyed: boolean): void {
  const limit = formatQuantity(rulesOfMove(move).shutdownTimeoutMs, "duration");
  noteDecision(move.agent.ctx, move.record.vmId, {
    decision: hasObeyed ? "shut-down" : "power-cut",
    because: ['migration.mode is "cold"', ...(hasObeyed ? [] : [`it did not shut down within ${limit}`])],
    moveId: move.note.moveId,
  });
}

/** Only a guest that takes no steps can be copied whole. */
async function demandDown(move: SourceMove): Promise<void> {
  const { status, running } = await sourceQmp(move).execute("query-status");
  if (!running) return;
  throw new LeeaError({
    code: "MOVE_FAILED",
    message: `the guest was told to stop and QEMU says ${status}`,
    hint: "Look at the VM's qemu.log on the host.",
  });
}
