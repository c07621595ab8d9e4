// Links this host to one peer, and unlinks it. The port and the interface are written into the record before either is used.

import { inputError, LeeaError } from "../../../model/errors";
import { parseIpv4Range, rangeHolds } from "../../../model/ipv4-range";
import { meshAddress6 } from "../../../model/mesh/mesh-address6";
import { readVoucherPayload } from "../../../model/mesh/voucher";
import type { NodeDescriptor, NodeIdentity, PutLinkRequest, PutLinkResponse, Voucher } from "../../../protocol/node";
import type { AgentContext } from "../../agent-context";
import { checkIdentity } from "../admission/check-identity";
import { checkVoucher } from "../admission/check-voucher";
import { digestFingerprint, readIdentity } from "../identity";
import { type MeshLink, type MeshState, readMeshState, requireMeshState, writeMeshState } from "../mesh-state";
import { takeTurn } from "../take-turn";
import { chooseLinkPort } from "./choose-link-port";
import { raiseLink, removeLinkInterface } from "./link-interface";

/**
 * Makes or updates this end of a link. The voucher is the one that admitted the peer or us. Repeatable; a changed
 * endpoint or port of the peer is taken over. Errors: NOT_ALLOWED_NOW, INPUT_INVALID, NETWORK_CONFLICT, PACKAGES_MISSING.
 */
export async function putLink(ctx: AgentContext, request: PutLinkRequest): Promise<PutLinkResponse> {
  checkIdentity(request.peer);
  const own = await readIdentity(ctx);
  return takeTurn(ctx, "mesh", async () => {
    const state = await requireMeshState(ctx);
    const old = state.links.find(({ peer }) => peer.fingerprint === request.peer.fingerprint);
    checkAdmission(state, request, own, old === undefined ? ctx.system.nowMs() : undefined);
    checkDescriptor(state, request.peer);
    const link = await composeLink(ctx, state, request, old);
    const links = [...state.links.filter((each) => each !== old), link];
    const isNew = JSON.stringify(old) !== JSON.stringify(link);
    const next = isNew ? { ...state, links } : state;
    if (isNew) await writeMeshState(ctx, next);
    await raiseLink(ctx, next, link, isEndpointNewer(old, link));
    if (isNew) ctx.log.write("info", "link-put", { peer: link.peer.nodeId, interfaceName: link.interfaceName });
    return { listenPort: link.listenPort, interfaceName: link.interfaceName };
  });
}

/** Removes this end of a link, by the peer's node id. Gives whether there was one; a host in no mesh has none. */
export async function deleteLink(ctx: AgentContext, peerId: string): Promise<{ readonly changed: boolean }> {
  return takeTurn(ctx, "mesh", async () => {
    const state = await readMeshState(ctx);
    const link = state?.links.find(({ peer }) => peer.nodeId === peerId);
    if (state === undefined || link === undefined) return { changed: false };
    await removeLinkInterface(ctx, link.interfaceName);
    await writeMeshState(ctx, { ...state, links: state.links.filter((each) => each !== link) });
    ctx.log.write("info", "link-deleted", { peer: peerId, interfaceName: link.interfaceName });
    return { changed: true };
  });
}

/**
 * One voucher serves both ends of a link: it admitted one of the two. That the other is a member, we have on the word of the operator,
 * who brought the voucher over SSH.
 */
function checkAdmission(state: MeshState, request: PutLinkRequest, own: NodeIdentity, nowMs: number | undefined): void {
  const { meshId } = state.parameters;
  const isOurs = readVoucherPayload(request.voucher.payload)?.subjectFingerprint === own.fingerprint;
  const subjectFingerprint = isOurs ? own.fingerprint : request.peer.fingerprint;
  const age = nowMs === undefined ? {} : { nowMs };
  const claims = checkVoucher(request.voucher, { meshId, subjectFingerprint, ...age });
  if (isOurs || claims.meshAddress === request.peer.meshAddress) return;
  throw inputError("Link", [{ field: "peer.meshAddress", message: `its voucher says ${claims.meshAddress}` }]);
}

function checkDescriptor(state: MeshState, peer: NodeDescriptor): void {
  const { nodeRange, range6, name } = state.parameters;
  const range = parseIpv4Range(nodeRange);
  const problems = [];
  if ("problem" in range || !rangeHolds(range, peer.meshAddress))
    problems.push({ field: "peer.meshAddress", message: `${peer.meshAddress} is not in ${nodeRange}` });
  if (peer.meshAddress6 !== meshAddress6(range6, digestFingerprint(peer.fingerprint)))
    problems.push({ field: "peer.meshAddress6", message: "it does not come from the peer's key" });
  if (!/^[A-Za-z0-9+/]{43}=$/.test(peer.wireguardPublicKey))
    problems.push({ field: "peer.wireguardPublicKey", message: "it is no WireGuard key" });
  if (!/^[A-Za-z0-9.:-]{1,253}$/.test(peer.endpointAddress) || peer.endpointAddress.startsWith("-"))
    problems.push({ field: "peer.endpointAddress", message: `"${peer.endpointAddress}" is no address or host name` });
  if (problems.length > 0) throw inputError(`Link to "${peer.nodeId}"`, problems);
  const holder = holderOf(state, peer);
  if (holder === undefined) return;
  throw new LeeaError({
    code: "NETWORK_CONFLICT",
    message: `Unable to link to "${peer.nodeId}" in mesh "${name}": ${peer.meshAddress} belongs to ${holder}`,
    hint: "Delete the MeshNode that joined last and create it again: it draws another address.",
    details: { meshAddress: peer.meshAddress },
  });
}

function holderOf(state: MeshState, peer: NodeDescriptor): string | undefined {
  if (peer.meshAddress === state.meshAddress) return "this host";
  const other = state.links.find(
    (link) => link.peer.meshAddress === peer.meshAddress && link.peer.fingerprint !== peer.fingerprint,
  );
  return other === undefined ? undefined : `"${other.peer.nodeId}"`;
}

async function composeLink(
  ctx: AgentContext,
  state: MeshState,
  request: PutLinkRequest,
  old: MeshLink | undefined,
): Promise<MeshLink> {
  const place = old ?? (await chooseLinkPort(ctx, state));
  const peerPort = request.peerPort ?? old?.peerPort;
  return {
    peer: copyDescriptor(request.peer),
    voucher: copyVoucher(request.voucher),
    interfaceName: place.interfaceName,
    listenPort: place.listenPort,
    ...(peerPort === undefined ? {} : { peerPort }),
  };
}

function isEndpointNewer(old: MeshLink | undefined, link: MeshLink): boolean {
  return old?.peerPort !== link.peerPort || old?.peer.endpointAddress !== link.peer.endpointAddress;
}

/** Only the known fields, so that nothing else is kept. */
function copyDescriptor(peer: NodeDescriptor): NodeDescriptor {
  const {
    nodeId,
    fingerprint,
    publicKey,
    name,
    wireguardPublicKey,
    meshAddress,
    meshAddress6: address6,
    endpointAddress,
  } = peer;
  return {
    nodeId,
    fingerprint,
    publicKey,
    name,
    wireguardPublicKey,
    meshAddress,
    meshAddress6: address6,
    endpointAddress,
  };
}

function copyVoucher({ payload, signature, issuerPublicKey }: Voucher): Voucher {
  return { payload, signature, issuerPublicKey };
}
