// The way on which one host of a move sends a VM's packets to the other: their link, or the tunnel.

import type { NodeDescriptor } from "../../protocol/node";
import type { AgentContext } from "../agent-context";
import { describeMesh } from "../mesh/mesh";
import type { HandOver } from "../net/vm-routes";

/** The hand-over of a VM's address to another host. */
export async function wayTo(ctx: AgentContext, to: NodeDescriptor, address: string): Promise<HandOver> {
  const mesh = await describeMesh(ctx);
  const link = mesh?.links.find((candidate) => candidate.peerId === to.nodeId);
  return {
    address,
    destinationMeshAddress: to.meshAddress,
    ownMeshAddress: mesh?.descriptor.meshAddress ?? "",
    ...(link === undefined ? {} : { linkInterface: link.interfaceName }),
  };
}
