// The source's word to a destination that it will never get the VM by this move. One that does not hear it now is told
// again and again: until it hears, it holds memory and disk space. The note is kept till then, so that a restart goes on.

import { isLeeaError } from "../../../model/errors";
import type { Agent } from "../../agent";
import { pause } from "../poll-until";
import { askDestination, dropNote, type SourceMove } from "./source-move";

const firstPauseMs = 2_000;
const longestPauseMs = 60_000;
const hurriedMs = 5_000;

type Told = Pick<SourceMove, "agent" | "note">;

/** Moves whose destination has not heard yet, by move. */
const untold = new Map<string, Told>();

/** Tells the destination to give up, waits for the first try only, and drops the note once it was heard. Never throws. */
export async function tellGivenUp(move: Told): Promise<void> {
  untold.set(move.note.moveId, move);
  if (!(await isHeard(move, 15_000))) void tellLater(move);
}

/** Tells it at once of every given-up move of a VM that is to move again, and waits a little for the answers. Never throws. */
export async function tellGivenUpNow(agent: Agent, vmId: string): Promise<void> {
  const moves = [...untold.values()].filter((move) => move.agent === agent && move.note.vmId === vmId);
  await Promise.all(moves.map((move) => isHeard(move, hurriedMs)));
}

async function tellLater(move: Told): Promise<void> {
  for (let pauseMs = firstPauseMs; ; pauseMs = Math.min(longestPauseMs, pauseMs * 2)) {
    await pause(pauseMs);
    if (!untold.has(move.note.moveId) || (await isHeard(move, 15_000))) return;
  }
}

/** A refusal is an answer: a newer move of the VM has taken this one's place there. */
async function isHeard(move: Told, timeoutMs: number): Promise<boolean> {
  const { log } = move.agent.ctx;
  const { moveId, vmId } = move.note;
  try {
    const { state } = await askDestination(move, "abandonMove", undefined, timeoutMs);
    if (state === "owner") log.write("error", "given-up-move-is-owned-there", { moveId, vm: vmId });
  } catch (error) {
    log.write("warn", "give-up-not-told", {
      moveId,
      vm: vmId,
      error: error instanceof Error ? error.message : String(error),
    });
    if (!isLeeaError(error, "PEER_REFUSED")) return false;
  }
  untold.delete(moveId);
  await dropNote(move.agent, moveId);
  return true;
}
