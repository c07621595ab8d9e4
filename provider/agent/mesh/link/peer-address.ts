// Where a linked host really is, as WireGuard sees it: the address that its last proven packets came from, which roaming
// and NAT may have made another one than it was declared with.

import type { AgentContext } from "../../agent-context";
import { readMeshState } from "../mesh-state";
import { readWireguard } from "./link-interface";

/** The IPv4 address of a host on the underlay; undefined where there is no link to it, or no packet has come yet. */
export async function findPeerAddress(ctx: AgentContext, peerId: string): Promise<string | undefined> {
  const link = (await readMeshState(ctx))?.links.find(({ peer }) => peer.nodeId === peerId);
  if (link === undefined) return undefined;
  const status = await readWireguard(ctx, link.interfaceName);
  const peer = status?.peers.find(({ publicKey }) => publicKey === link.peer.wireguardPublicKey);
  if (peer === undefined || peer.lastHandshakeMs === 0) return undefined;
  return /^(\d{1,3}(?:\.\d{1,3}){3}):\d+$/.exec(peer.endpoint ?? "")?.[1];
}
