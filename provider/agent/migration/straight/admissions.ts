// The moves whose streams come straight from a host's own address: for as long as one lasts, our packet filter lets
// nobody else near its two ports. Kept with what a boot may lose, as the moves themselves are.

import type { AgentContext } from "../../agent-context";
import { readStraightMoves, type StraightMove, writeStraightMoves } from "../../net/net-journal";
import { withNetLock } from "../../net/net-lock";
import { applyNetRules } from "../../net/net-rules";

/** Lets the source alone reach the move's ports at our address. */
export function admitStraight(ctx: AgentContext, move: StraightMove): Promise<void> {
  return change(ctx, (moves) => [...moves.filter(({ moveId }) => moveId !== move.moveId), move]);
}

/** Ends it; nothing where there is none. */
export async function endStraight(ctx: AgentContext, moveId: string): Promise<void> {
  if ((await findStraight(ctx, moveId)) === undefined) return;
  await change(ctx, (moves) => moves.filter((move) => move.moveId !== moveId));
}

/** The admission of a move. */
export async function findStraight(ctx: AgentContext, moveId: string): Promise<StraightMove | undefined> {
  return (await readStraightMoves(ctx)).find((move) => move.moveId === moveId);
}

function change(ctx: AgentContext, next: (moves: readonly StraightMove[]) => readonly StraightMove[]): Promise<void> {
  return withNetLock(ctx, async () => {
    await writeStraightMoves(ctx, next(await readStraightMoves(ctx)));
    await applyNetRules(ctx);
  });
}
