// The first words of a move to its destination. A mesh that was joined a moment ago, or lost a link, has no way for the seconds that
// its routing needs; the provider has just spoken with both hosts, so that this is waited for.

import { isLeeaError } from "../../../model/errors";
import type { VerbTypes } from "../../../protocol/verbs";
import { pollUntil } from "../poll-until";
import { askDestination, type SourceMove } from "./source-move";

const routeWaitMs = 20_000;
const pollMs = 250;

/** How the destination stands with this move. Errors: those of askDestination, CANCELLED. */
export async function reachDestination(move: SourceMove): Promise<VerbTypes["readMove"]["answer"]> {
  const endsAtMs = performance.now() + routeWaitMs;
  let answer: VerbTypes["readMove"]["answer"] | undefined;
  await pollUntil(move.work.signal, pollMs, async () => {
    try {
      answer = await askDestination(move, "readMove", undefined);
      return true;
    } catch (error) {
      if (!hasNoRoute(error) || performance.now() > endsAtMs) throw error;
      return false;
    }
  });
  return answer as VerbTypes["readMove"]["answer"];
}

/** The kernel knew no way there (errno 113 or 101 of connect(2)): nothing was sent. */
function hasNoRoute(error: unknown): boolean {
  if (!isLeeaError(error, "HOST_UNREACHABLE")) return false;
  const { code } = (error.cause ?? {}) as NodeJS.ErrnoException;
  return code === "EHOSTUNREACH" || code === "ENETUNREACH";
}
