// Phase `cutover`: the guest stands still. Disks are ended equal, the rest of the memory goes over, QEMU reports the
// source completed. From the release on, the way back leads only over the destination's own word.
//
//   gate ─ end mirrors ─ continue ─ S completed ─ [sync released] ─ grant ─ D: [sync owner] cont ─ answer

import { LeeaError } from "../../../../model/errors";
import type { GrantMoveResponse } from "../../../../protocol/peer";
import type { QmpMigrationInfo } from "../../../qmp/commands";
import type { QmpClient } from "../../../qmp/qmp-client";
import { noteDecision } from "../../../vm/record/decision-log";
import { pause } from "../../poll-until";
import { askDestination, type SourceMove, sourceQmp } from "../source-move";
import { endMirrors } from "./mirror";
import { isStatus, streamError } from "./precopy";

const completeTimeoutMs = 20_000;
const settleTimeoutMs = 5_000;

type ReleasedMove = Pick<SourceMove, "agent" | "note" | "record">;

/** What QEMU said when it had completed; times on the monotonic clock of QMP events, in `ms`. */
export interface Completion {
  readonly info: QmpMigrationInfo;
  readonly mirrorsEndedAtMs: number;
  readonly completedAtMs: number;
}

/** From the gate to the source's `completed`. Until it returns, the source may resume by itself. */
export async function switchOver(move: SourceMove): Promise<Completion> {
  const qmp = sourceQmp(move);
  move.work.report({ phase: "cutover" });
  await endMirrors(move);
  const mirrorsEndedAtMs = performance.now();
  const since = qmp.cursor();
  // The exports go while the last memory does; the grant comes after both, and verbs of one move keep their order.
  await Promise.all([
    qmp.execute("migrate-continue", { state: "pre-switchover" }),
    askDestination(move, "settleDisks", undefined, 5_000),
  ]);
  const event = await qmp.waitEvent((candidate) => isStatus(candidate, ["completed", "failed", "cancelled"]), {
    since,
    timeoutMs: completeTimeoutMs,
  });
  if (!isStatus(event, ["completed"])) throw await streamError(move);
  return { info: await readCompleted(qmp), mirrorsEndedAtMs, completedAtMs: event.atMs };
}

/** QEMU tells of its completion before it stands at `postmigrate`; in between it is at `finish-migrate`, for a moment. */
async function readCompleted(qmp: QmpClient): Promise<QmpMigrationInfo> {
  const untilMs = performance.now() + settleTimeoutMs;
  for (;;) {
    const [status, info] = await Promise.all([qmp.execute("query-status"), qmp.execute("query-migrate")]);
    const isCompleted = info.status === "completed";
    if (isCompleted && status.status === "postmigrate") return info;
    if (!isCompleted || status.status !== "finish-migrate" || performance.now() > untilMs)
      throw new LeeaError({
        code: "MOVE_FAILED",
        message: `QEMU reported completion and stands at ${status.status}/${info.status ?? "none"}`,
        hint: "This is a defect in leea; please report it with the agent's log.",
      });
    await pause(1);
  }
}

/** Syncs `released`. After this call only the destination's word can bring the VM back here. */
export async function releaseMove({ agent, note, record: before }: ReleasedMove): Promise<void> {
  const record = agent.records.get(before.vmId) ?? before;
  const { moveId } = note;
  await agent.records.save({ ...record, role: "released", operationId: moveId, moveId });
  noteDecision(agent.ctx, before.vmId, {
    decision: "released",
    because: ["QEMU reported the source completed; from here only the destination's word brings it back"],
    evidence: { to: note.destination.nodeId, generation: before.generation + 1 },
    moveId,
  });
}

/** Grants: only after `released` is synced. Errors: those of the verb. */
export function grantMove(move: ReleasedMove): Promise<GrantMoveResponse> {
  return askDestination(move, "grantMove", { generation: move.record.generation + 1 }, 15_000);
}
