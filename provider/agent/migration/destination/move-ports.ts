// Ports of incoming moves: a pair each from the documented range, on the mesh address only.

import { LeeaError } from "../../../model/errors";
import { movePortBase, movePortCount } from "../../../protocol/peer";

const taken = new Map<string, number>();

/** The pair of a move: memory stream and NBD. Error: NOT_ALLOWED_NOW when all are taken. */
export function takeMovePorts(moveId: string): { migrationPort: number; nbdPort: number } {
  const used = new Set(taken.values());
  let pair = taken.get(moveId);
  for (let index = 0; pair === undefined && index < movePortCount / 2; index += 1) if (!used.has(index)) pair = index;
  if (pair === undefined)
    throw new LeeaError({
      code: "NOT_ALLOWED_NOW",
      message: "this host takes as many moves as it has ports for",
      hint: "Wait for one to end.",
    });
  taken.set(moveId, pair);
  return { migrationPort: movePortBase + 2 * pair, nbdPort: movePortBase + 2 * pair + 1 };
}

/** Gives the pair back. */
export function releaseMovePorts(moveId: string): void {
  taken.delete(moveId);
}
