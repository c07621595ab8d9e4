// The source's word to a destination that it will never get the VM by this move. One that does not hear it now is told
// again and again: until it hears, it holds memory and disk space. The note is kept till then, so that a restart goes on.

import { isLeeaError } from "../../../model/errors";
import { pause } from "../poll-until";
import { askDestination, dropNote, type SourceMove } from "./source-move";

const firstPauseMs = 2_000;
const longestPauseMs = 60_000;

type Told = Pick<SourceMove, "agent" | "note">;

/** Tells the destination to give up, waits for the first try only, and drops the note once it was heard. Never throws. */
export async function tellGivenUp(move: Told): Promise<void> {
  if (!(await isHeard(move))) void tellLater(move);
}

async function tellLater(move: Told): Promise<void> {
  for (let pauseMs = firstPauseMs; ; pauseMs = Math.min(longestPauseMs, pauseMs * 2)) {
    await pause(pauseMs);
    if (await isHeard(move)) return;
  }
}

/** A refusal is an answer: a newer move of the VM has taken this one's place there. */
async function isHeard(move: Told): Promise<boolean> {
  const { log } = move.agent.ctx;
  const { moveId, vmId } = move.note;
  try {
    const { state } = await askDestination(move, "abandonMove", undefined, 15_000);
    if (state === "owner") log.write("error", "given-up-move-is-owned-there", { moveId, vm: vmId });
  } catch (error) {
    log.write("warn", "give-up-not-told", {
      moveId,
      vm: vmId,
      error: error instanceof Error ? error.message : String(error),
    });
    if (!isLeeaError(error, "PEER_REFUSED")) return false;
  }
  await dropNote(move.agent, moveId);
  return true;
}
