// The way back after the release: the destination has synced that it never ran the guest and never will, so the
// source may. The record comes first, then the route, then the guest.

import { noteDecision } from "../../vm/record/decision-log";
import { takeRouteBack } from "./move-route";
import { dropStreamKey } from "./phases/prepare";
import { type SourceMove, sourceQmp } from "./source-move";

/** Makes this host the owner again and lets the guest go on. Only after the destination's word `never-ran`. */
export async function takeBack(move: SourceMove): Promise<void> {
  const record = move.agent.records.get(move.record.vmId) ?? move.record;
  const { moveId: _ended, ...rest } = record;
  await move.agent.records.save({ ...rest, role: "owner", generation: move.record.generation });
  noteDecision(move.agent.ctx, move.record.vmId, {
    decision: "taken-back",
    because: ["the destination's synced word is that it never ran the guest and never will"],
    evidence: { from: move.note.destination.nodeId, generation: move.record.generation },
    moveId: move.note.moveId,
  });
  await takeRouteBack(move);
  if (record.wantsToRun) await sourceQmp(move).execute("cont");
  await dropStreamKey(move);
}
