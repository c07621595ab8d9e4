// Links two hosts of a mesh, from both ends, and unlinks them. A second run changes nothing.

import { LeeaError } from "../../../model/errors";
import type { NodeDescriptor, PutLinkRequest, PutLinkResponse } from "../../../protocol/node";
import type { HostSession } from "../../host-session";

/** Puts the link on both hosts and tells each the port of the other. The own host's word for itself serves both ends. */
export async function linkNodes(own: HostSession, peer: HostSession): Promise<void> {
  const [ownNode, peerNode] = [await describeMember(own), await describeMember(peer)];
  const { nodeId, fingerprint, publicKey } = ownNode;
  const { voucher } = await own.call("vouch", { body: { candidate: { nodeId, fingerprint, publicKey } } });
  const first = await putEnd(own, { peer: peerNode, voucher });
  const second = await putEnd(peer, { peer: ownNode, voucher, peerPort: first.listenPort });
  await putEnd(own, { peer: peerNode, voucher, peerPort: second.listenPort });
}

/** Removes the link from both hosts. */
export async function unlinkNodes(own: HostSession, ownId: string, peer: HostSession, peerId: string): Promise<void> {
  await own.call("deleteLink", { params: { peerId } });
  await peer.call("deleteLink", { params: { peerId: ownId } });
}

function putEnd(at: HostSession, end: PutLinkRequest): Promise<PutLinkResponse> {
  return at.call("putLink", { params: { peerId: end.peer.nodeId }, body: end });
}

async function describeMember(session: HostSession): Promise<NodeDescriptor> {
  const { descriptor, identity } = await session.call("getNode", {});
  if (descriptor !== undefined) return descriptor;
  throw new LeeaError({
    code: "NOT_ALLOWED_NOW",
    message: `Host ${session.hostLabel} (${identity.nodeId}) is in no mesh, so nothing can be linked to it`,
    hint: "Declare it as a MeshNode first, and run again.",
  });
}
