// The VM's address during a move, from the source's side: at STOP its packets are handed over to the destination, whose
// tap queues them, and the destination announces it; on failure the hand-over ends first here, then there.

import { describeMesh } from "../../mesh/mesh";
import { endHandOver, handOverVm } from "../../net/vm-routes";
import { askDestination, type SourceMove } from "./source-move";

/** Hands packets over and has the destination announce, both at once: the guest stands still meanwhile. */
export async function handOverHere(move: SourceMove): Promise<void> {
  const address = move.record.pins.address;
  if (address === undefined) return;
  const mesh = await describeMesh(move.agent.ctx);
  const link = mesh?.links.find((candidate) => candidate.peerId === move.note.destination.nodeId);
  const handOver = handOverVm(move.agent.ctx, {
    address,
    destinationMeshAddress: move.note.destination.meshAddress,
    ownMeshAddress: mesh?.descriptor.meshAddress ?? "",
    ...(link === undefined ? {} : { linkInterface: link.interfaceName }),
  });
  await Promise.all([handOver, askDestination(move, "announceMove", undefined, 5_000)]);
}

/** Ends the hand-over here; the destination undoes its own part when it is told to give up. */
export async function takeRouteBack(move: SourceMove): Promise<void> {
  const address = move.record.pins.address;
  if (address !== undefined) await endHandOver(move.agent.ctx, { address });
}
