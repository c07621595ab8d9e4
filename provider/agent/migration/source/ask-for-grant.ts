// From the release on only the destination's word counts: it owns the VM, or it never ran it and never will.

import type { LeeaError } from "../../../model/errors";
import { noteDecision } from "../../vm/record/decision-log";
import { awaitWord } from "./await-word";
import { releaseAndGrant } from "./phases/cutover";
import type { SourceMove } from "./source-move";

/** Releases and grants; gives the monotonic time of the destination's word that the VM is its own. `goBack` runs once it said that it never ran it, and gives the move's error. */
export async function askForGrant(move: SourceMove, goBack: (cause: unknown) => Promise<LeeaError>): Promise<number> {
  try {
    await releaseAndGrant(move);
    return performance.now();
  } catch (error) {
    noteUnanswered(move, error);
    if ((await awaitWord(move)) === "owner") return performance.now();
    throw await goBack(error);
  }
}

function noteUnanswered(move: SourceMove, error: unknown): void {
  const why = error instanceof Error ? error.message : String(error);
  const { moveId, destination } = move.note;
  move.agent.ctx.log.write("warn", "grant-not-answered", { moveId, vm: move.record.vmId, error: why });
  noteDecision(move.agent.ctx, move.record.vmId, {
    decision: "waits-for-word",
    because: [`it was released to ${destination.name}, and the grant got no clear answer: ${why}`],
    evidence: { to: destination.nodeId },
    moveId,
  });
}
