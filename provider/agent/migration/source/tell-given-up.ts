// The source's word to a destination that it will never get the VM by this move. A destination that does not hear it now
// is told again and again in the background: until it hears, it holds memory and disk space, and refuses the next move.

import { isLeeaError, LeeaError } from "../../../model/errors";
import { askDestination, type SourceMove } from "./source-move";

const againMs = 2_000;
const giveUpMs = 15 * 60_000; // by then the destination has given up a silent move by itself

type Told = Pick<SourceMove, "agent" | "note">;

/** Tells the destination to give up. One that does not answer is told in the background, and this throws HOST_UNREACHABLE. */
export async function tellGivenUp(move: Told): Promise<void> {
  try {
    await tell(move);
  } catch (error) {
    if (isUnheard(error)) tellLater(move, performance.now() + giveUpMs);
    throw error;
  }
}

async function tell(move: Told): Promise<void> {
  const word = await askDestination(move, "abandonMove", undefined, 15_000);
  if (word.state !== "owner") return;
  throw new LeeaError({
    code: "INTERNAL",
    message: "the destination says that it owns a VM that was never released to it",
    hint: "Please report this with both agents' logs.",
  });
}

function tellLater(move: Told, untilMs: number): void {
  const again = (): void => {
    tell(move).catch((error: unknown) => {
      if (isUnheard(error) && performance.now() < untilMs) tellLater(move, untilMs);
    });
  };
  setTimeout(again, againMs).unref();
}

/** A refusal is an answer: a newer move of the VM has taken this one's place there. */
function isUnheard(error: unknown): boolean {
  return !isLeeaError(error, "PEER_REFUSED") && !isLeeaError(error, "INTERNAL");
}
