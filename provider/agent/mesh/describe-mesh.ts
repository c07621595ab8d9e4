// What this host says of its membership: parameters, its own descriptor, and every link with WireGuard's figures. It changes nothing.

import type { LinkReport, MeshParameters, NodeDescriptor } from "../../protocol/node";
import type { AgentContext } from "../agent-context";
import { readIdentity, readWireguardKey } from "./identity";
import { readWireguard } from "./link/link-interface";
import { type MeshLink, type MeshState, readMeshState } from "./mesh-state";

/** The mesh part of a node's report. */
export interface MeshDescription {
  readonly parameters: MeshParameters;
  readonly descriptor: NodeDescriptor;
  readonly links: readonly LinkReport[];
}

/** The host's membership; undefined where it is in no mesh. A link without a live interface is reported with zeros. */
export async function describeMesh(ctx: AgentContext): Promise<MeshDescription | undefined> {
  const state = await readMeshState(ctx);
  if (state === undefined) return undefined;
  const links = await Promise.all(state.links.map((link) => describeLink(ctx, link)));
  return { parameters: state.parameters, descriptor: await composeDescriptor(ctx, state), links };
}

async function composeDescriptor(ctx: AgentContext, state: MeshState): Promise<NodeDescriptor> {
  const identity = await readIdentity(ctx);
  const { publicKey } = await readWireguardKey(ctx);
  const { name, meshAddress, meshAddress6, endpoint } = state;
  return {
    ...identity,
    name,
    wireguardPublicKey: publicKey,
    meshAddress,
    meshAddress6,
    endpointAddress: endpoint.address,
  };
}

async function describeLink(ctx: AgentContext, link: MeshLink): Promise<LinkReport> {
  const status = await readWireguard(ctx, link.interfaceName);
  const peer = status?.peers.find((each) => each.publicKey === link.peer.wireguardPublicKey);
  return {
    peerId: link.peer.nodeId,
    interfaceName: link.interfaceName,
    listenPort: link.listenPort,
    lastHandshakeMs: peer?.lastHandshakeMs ?? 0,
    receivedBytes: peer?.receivedBytes ?? 0,
    sentBytes: peer?.sentBytes ?? 0,
  };
}
