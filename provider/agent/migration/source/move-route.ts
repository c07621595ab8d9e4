// The VM's address during a move, from the source's side: at STOP its packets are handed over to the destination, whose
// tap queues them and which announces it once the guest runs; on failure the hand-over ends first here, then there.

import { endHandOver, type ReadyHandOver, readyHandOver } from "../../net/vm-routes";
import { wayTo } from "../way-to";
import { askDestination, type SourceMove } from "./source-move";

/** Looks up the way and makes ready while the guest still runs; undefined for a VM without a mesh address. */
export async function planHandOver(move: SourceMove): Promise<ReadyHandOver | undefined> {
  const address = move.record.pins.address;
  if (address === undefined) return undefined;
  return readyHandOver(move.agent.ctx, await wayTo(move.agent.ctx, move.note.destination, address));
}

/** Hands packets over and tells the destination, both at once: the guest stands still meanwhile. Gives the time it was done. */
export async function handOverHere(move: SourceMove, ready: ReadyHandOver | undefined): Promise<number> {
  if (ready === undefined) return performance.now();
  const handedOver = ready.go().then(() => performance.now());
  const [atMs] = await Promise.all([handedOver, askDestination(move, "announceMove", undefined, 5_000)]);
  return atMs;
}

/** Ends the hand-over here; the destination undoes its own part when it is told to give up. */
export async function takeRouteBack(move: Pick<SourceMove, "agent" | "record">): Promise<void> {
  const address = move.record.pins.address;
  if (address !== undefined) await endHandOver(move.agent.ctx, { address });
}
