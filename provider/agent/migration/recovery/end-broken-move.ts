// The end of a move that broke off, by the one rule, for whoever drives or resumes it at the source.

import { LeeaError } from "../../../model/errors";
import { tellRemedy, tellWait } from "../../../model/recovery/tell-verdict";
import type { BrokenMove } from "./look-at-move";
import { settleMove } from "./settle-move";
import { sourceHands } from "./source-hands";

/** What is known of the release. `open`: it could not be synced; `refused`: the grant was. */
export type ReleaseState = "as-recorded" | "open" | "refused";

/** Ends the move: `moved` where the destination has the VM, `stays` where this host has. Error: MOVE_UNDECIDED, for people. */
export async function endBrokenMove(
  move: BrokenMove,
  release: ReleaseState = "as-recorded",
): Promise<"moved" | "stays"> {
  const settled = await settleMove(sourceHands(move, release === "open"), { mayGrant: release === "as-recorded" });
  if (settled.end !== "undecided") return settled.end;
  const names = { source: "this host", destination: move.note.destination.name };
  throw new LeeaError({
    code: "MOVE_UNDECIDED",
    message: `the move to ${names.destination} cannot be ended: ${tellWait(settled.why, names)}`,
    hint: tellRemedy(settled.why, move.record.spec.name, names),
    details: { why: settled.why },
  });
}
