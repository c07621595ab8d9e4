// After the release, when the grant got no clear answer: only the destination can say whether it runs the guest. It is
// asked until it answers; being unreachable is never taken for a no.

import { isLeeaError } from "../../../model/errors";
import { pause } from "../poll-until";
import { askDestination, type SourceMove } from "./source-move";

const firstPauseMs = 100;
const longestPauseMs = 5_000;

/** The destination's final word: it is the owner, or it never ran the guest and never will. */
export async function awaitWord(
  move: Pick<SourceMove, "agent" | "note" | "work" | "record">,
): Promise<"owner" | "never-ran"> {
  let pauseMs = firstPauseMs;
  for (;;) {
    try {
      return (await askDestination(move, "abandonMove", undefined, 10_000)).state;
    } catch (error) {
      if (isLeeaError(error, "PEER_REFUSED"))
        move.agent.ctx.log.write("error", "destination-forgot-move", { moveId: move.note.moveId });
      const why = error instanceof Error ? error.message : String(error);
      move.work.report({
        phase: "cutover",
        message: `the guest stands still until ${move.note.destination.name} says whether it runs there: ${why}`,
      });
    }
    await pause(pauseMs);
    pauseMs = Math.min(longestPauseMs, pauseMs * 2);
  }
}
