// Brings a prepared host into its mesh: the first one founds it, every other is vouched for by a peer that answers, and
// then is linked to its peers. A peer that does not answer is named, not fatal, as long as another one serves.

import type { MeshNodeInputs } from "../../../../schema/generated/declared";
import { isLeeaError, LeeaError } from "../../../model/errors";
import type { NodeIdentity, NodeReport, PutMeshRequest, VouchResponse } from "../../../protocol/node";
import type { HostSession } from "../../host-session";
import type { HandlerContext } from "../handler-context";
import { linkNodes } from "./link-nodes";

/** A peer with an open session. */
interface OpenPeer {
  readonly id: string;
  readonly session: HostSession;
}

/** Joins and links the host, and gives its report afterwards. HOST_UNREACHABLE where no peer answers. */
export async function joinMesh(
  session: HostSession,
  inputs: MeshNodeInputs,
  context: HandlerContext,
): Promise<NodeReport> {
  const before = await session.call("getNode", {});
  const peers = await openPeers(inputs, context);
  try {
    const admission = before.mesh === undefined ? await askForAdmission(before.identity, inputs, peers[0]) : undefined;
    await session.call("putMesh", { body: requestOf(inputs, before, admission) });
    for (const peer of peers) await linkNodes(session, peer.session);
    return await session.call("getNode", {});
  } finally {
    for (const peer of peers) peer.session.close();
  }
}

/** Sessions on the peers that answer. The others are noted; none answering is an error. */
async function openPeers(inputs: MeshNodeInputs, context: HandlerContext): Promise<OpenPeer[]> {
  const open: OpenPeer[] = [];
  const failures: unknown[] = [];
  for (const { id, connection } of inputs.peers) {
    try {
      open.push({ id, session: await context.hosts.open(connection, { install: "never", expectNodeId: id }) });
    } catch (error) {
      if (isLeeaError(error, "IDENTITY_CHANGED")) throw closeAll(open, error);
      failures.push(error);
      context.report.note(inputs.name, `peer ${id} does not answer; the link to it is made by the next run`);
    }
  }
  if (open.length > 0 || inputs.peers.length === 0) return open;
  throw new LeeaError({
    code: "HOST_UNREACHABLE",
    message: `Unable to join host "${inputs.name}" to the mesh "${inputs.mesh.name}", because none of its peers answers`,
    hint: "Bring one of them back, or declare another peer, and run again.",
    cause: failures[0],
  });
}

function closeAll(peers: readonly OpenPeer[], error: unknown): unknown {
  for (const peer of peers) peer.session.close();
  return error;
}

/** A member's word for this host; undefined for a host without peers, which founds its mesh. */
async function askForAdmission(
  candidate: NodeIdentity,
  inputs: MeshNodeInputs,
  member: OpenPeer | undefined,
): Promise<VouchResponse | undefined> {
  if (member === undefined) return undefined;
  const admission = await member.session.call("vouch", { body: { candidate } });
  const { name } = inputs.mesh;
  if (admission.parameters.name === name) return admission;
  throw new LeeaError({
    code: "CONFLICT",
    message: `Host "${inputs.name}" is declared for the mesh "${name}", and its peer ${member.id} is in "${admission.parameters.name}"`,
    hint: `Declare the mesh as "${admission.parameters.name}", or declare peers that are in "${name}".`,
  });
}

/** A member is told its name and endpoint again, as they may have changed. */
function requestOf(inputs: MeshNodeInputs, report: NodeReport, admission: VouchResponse | undefined): PutMeshRequest {
  const { address = inputs.connection.host, portBase = 51_820, portCount = 64 } = inputs.endpoint ?? {};
  const base = {
    owner: report.owner ?? inputs.owner,
    name: inputs.name,
    endpoint: { address, portBase, portCount },
    storagePath: inputs.storagePath,
  };
  if (report.mesh !== undefined) return base;
  const { name, nodeRange, vmRange, mtu } = inputs.mesh;
  return admission === undefined ? { ...base, found: { name, nodeRange, vmRange, mtu } } : { ...base, admission };
}
