// The way on which one host of a move sends a VM's packets to the other: their link, or the tunnel.

import type { NodeDescriptor } from "../../protocol/node";
import type { AgentContext } from "../agent-context";
import { readMeshState } from "../mesh/mesh-state";
import type { HandOver } from "../net/vm-routes";

/** The hand-over of a VM's address to another host. */
export async function wayTo(ctx: AgentContext, to: NodeDescriptor, address: string): Promise<HandOver> {
  const mesh = await readMeshState(ctx);
  const link = mesh?.links.find((candidate) => candidate.peer.nodeId === to.nodeId);
  return {
    address,
    destinationMeshAddress: to.meshAddress,
    ownMeshAddress: mesh?.meshAddress ?? "",
    ...(link === undefined ? {} : { linkInterface: link.interfaceName }),
  };
}
