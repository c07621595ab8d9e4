// The stall rule's word: a stream that stands is a fault, told as one and undone, however patient TCP would be.

import { LeeaError } from "../../../../model/errors";
import { formatQuantity } from "../../../../model/inputs/parse-quantity";
import { noteDecision } from "../../../vm/record/decision-log";
import { rulesOfMove, type SourceMove } from "../source-move";

/** Notes and gives the error of a move of which not a byte went over for `stallTimeout`. */
export function stalledMove(move: SourceMove, what: "memory" | "disks"): LeeaError {
  const { stallTimeoutMs } = rulesOfMove(move);
  const to = move.note.destination.name;
  const stood = formatQuantity(stallTimeoutMs, "duration");
  noteDecision(move.agent.ctx, move.record.vmId, {
    decision: "stalled",
    because: [
      `no byte of the ${what} went over for ${stood}`,
      "a stream that stands is a fault (migration.stallTimeout)",
    ],
    evidence: { to: move.note.destination.nodeId, stallTimeoutMs },
    moveId: move.note.moveId,
  });
  return new LeeaError({
    code: "MOVE_FAILED",
    message: `the move stalled: no byte of the ${what} reached ${to} for ${stood}`,
    hint: `Look at the link between the hosts and at ${to}; a link that is down for longer is outlived with a larger migration.stallTimeout.`,
    details: { stalled: what, stallTimeoutMs },
  });
}
