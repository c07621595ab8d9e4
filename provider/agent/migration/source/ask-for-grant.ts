// From the release on only the destination's word counts: it owns the VM, or it never ran it and never will.

import type { LeeaError } from "../../../model/errors";
import { noteDecision } from "../../vm/record/decision-log";
import { endBrokenMove, type ReleaseState } from "../recovery/end-broken-move";
import { isRefusal } from "../recovery/source-hands";
import { grantMove, releaseMove } from "./phases/cutover";
import type { SourceMove } from "./source-move";

/** Releases and grants; gives the monotonic time of the destination's word that the VM is its own. Throws what `failed` makes of the cause once the VM is back here. */
export async function askForGrant(move: SourceMove, failed: (cause: unknown) => LeeaError): Promise<number> {
  let release: ReleaseState = "open";
  try {
    await releaseMove(move);
    release = "as-recorded";
    await grantMove(move);
    return performance.now();
  } catch (error) {
    if (release === "as-recorded" && isRefusal(error, "grant")) release = "refused";
    const why = error instanceof Error ? error.message : String(error);
    noteUnanswered(move, why);
    if ((await endBrokenMove({ ...move, because: [why] }, release)) === "moved") return performance.now();
    throw failed(error);
  }
}

function noteUnanswered(move: SourceMove, why: string): void {
  const { moveId, destination } = move.note;
  move.agent.ctx.log.write("warn", "grant-not-answered", { moveId, vm: move.record.vmId, error: why });
  noteDecision(move.agent.ctx, move.record.vmId, {
    decision: "waits-for-word",
    because: [`it was released to ${destination.name}, and the grant got no clear answer: ${why}`],
    evidence: { to: destination.nodeId },
    moveId,
  });
}
