// What is done with a guest that writes memory faster than it goes over, once the deadline is reached: the declared one of
// three ways, and never another. Called while QEMU's stream is still `active`, at each look after the deadline.

import { LeeaError } from "../../../../model/errors";
import { formatQuantity } from "../../../../model/inputs/parse-quantity";
import type { QmpMigrationInfo } from "../../../qmp/commands";
import { noteDecision } from "../../../vm/record/decision-log";
import { throttleFromDeadline } from "../../stream-settings";
import { rulesOfMove, type SourceMove, sourceQmp } from "../source-move";

/** What was done: nothing more is due while the guest stands still; a slowed-down one is given the deadline once more. */
export type Measure = "none" | "paused" | "throttled";

/** Takes the declared measure and gives it. Error: MOVE_FAILED where it is to be cancelled, or was slowed down in vain. */
export async function meetDeadline(move: SourceMove, info: QmpMigrationInfo, taken: Measure): Promise<Measure> {
  const { onDeadline } = rulesOfMove(move);
  if (taken === "paused") return taken;
  tell(move, info, taken);
  if (onDeadline === "stop") {
    // The rest goes over before the gate, watched and cancellable; a larger downtime limit would send it behind the gate.
    await sourceQmp(move).execute("stop");
    return "paused";
  }
  if (onDeadline === "auto-converge" && taken === "none") {
    await sourceQmp(move).execute("migrate-set-parameters", throttleFromDeadline);
    return "throttled";
  }
  throw tooSlow(move, info, taken);
}

function tell(move: SourceMove, info: QmpMigrationInfo, taken: Measure): void {
  const { onDeadline, deadlineMs } = rulesOfMove(move);
  const what = taken === "throttled" ? "cancel" : onDeadline;
  noteDecision(move.agent.ctx, move.record.vmId, {
    decision: `deadline-${what}`,
    because: [
      `memory was sent for ${formatQuantity(deadlineMs, "duration")}${taken === "throttled" ? " more, with the guest slowed down," : ""} and is not across`,
      `migration.onDeadline is ${onDeadline}`,
    ],
    evidence: { ram: info.ram, throttledPercent: info["cpu-throttle-percentage"] },
    moveId: move.note.moveId,
  });
}

function tooSlow(move: SourceMove, info: QmpMigrationInfo, taken: Measure): LeeaError {
  const { deadlineMs, maxBandwidthBytesPerSecond } = rulesOfMove(move);
  const dirtied = (info.ram?.["dirty-pages-rate"] ?? 0) * (info.ram?.["page-size"] ?? 0);
  const rates = `it writes ${perSecond(dirtied)} and ${perSecond(((info.ram?.mbps ?? 0) * 1e6) / 8)} go over`;
  const after = taken === "throttled" ? ", also with its processors slowed down" : "";
  const faster = maxBandwidthBytesPerSecond === undefined ? "" : "raise migration.maxBandwidth, ";
  return new LeeaError({
    code: "MOVE_FAILED",
    message: `the guest's memory was not across to ${move.note.destination.name} after ${formatQuantity(deadlineMs, "duration")}${after}: ${rates}`,
    hint: `To get it across ${faster}move it while it has less to do, or declare migration.onDeadline: "stop" (pauses the guest for the rest)${taken === "throttled" ? "" : ' or "auto-converge" (slows it down)'}.`,
    details: { deadlineMs, ram: info.ram },
  });
}

function perSecond(bytes: number): string {
  return `${Math.round(bytes / 1024 ** 2)}MiB/s`;
}
