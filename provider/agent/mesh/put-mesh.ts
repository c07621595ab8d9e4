// Makes this host a member of one mesh: its founder, or a joiner that brings a voucher. Repeating it changes nothing; a host
// is never moved from one mesh to another.

import { inputError, LeeaError } from "../../model/errors";
import { parseIpv4Range, rangeHolds } from "../../model/ipv4-range";
import { drawRange6, isRange6, meshAddress6 } from "../../model/mesh/mesh-address6";
import { checkMeshChoice } from "../../model/mesh/mesh-ranges";
import type { MeshParameters, NodeIdentity, PutMeshRequest } from "../../protocol/node";
import type { AgentContext } from "../agent-context";
import { setHostNetwork } from "../net/host-network";
import { checkVoucher } from "./admission/check-voucher";
import { drawMeshAddress } from "./admission/draw-mesh-address";
import { runBird } from "./bird";
import { type Conflict, findMeshConflicts } from "./conflicts/find-conflicts";
import { digestFingerprint, readIdentity } from "./identity";
import { type MeshState, readMeshState, writeMeshState } from "./mesh-state";
import { takeTurn } from "./take-turn";

/**
 * Founds or joins, writes the membership down, and sets up addresses and routing. Gives whether anything was new.
 * Errors: CONFLICT (member of another mesh, or declared by another owner), INPUT_INVALID, NETWORK_CONFLICT, PACKAGES_MISSING.
 */
export async function putMesh(ctx: AgentContext, request: PutMeshRequest): Promise<{ readonly changed: boolean }> {
  const identity = await readIdentity(ctx);
  return takeTurn(ctx, "mesh", async () => {
    const old = await readMeshState(ctx);
    if (old !== undefined) checkSameMesh(old, request);
    const state = old === undefined ? await drawState(ctx, request, identity) : updateState(old, request);
    const changed = JSON.stringify(old) !== JSON.stringify(state);
    if (changed) await writeMeshState(ctx, state);
    await raiseMesh(ctx, state);
    if (changed) ctx.log.write("info", "mesh-put", { mesh: state.parameters.name, meshAddress: state.meshAddress });
    return { changed };
  });
}

/** Addresses, forwarding and guards of the host, then its routing daemon. Repeatable. */
export async function raiseMesh(ctx: AgentContext, state: MeshState): Promise<void> {
  const { parameters, meshAddress, meshAddress6: address6 } = state;
  await setHostNetwork(ctx, { parameters, meshAddress, meshAddress6: address6 });
  await runBird(ctx, state);
}

function checkSameMesh(state: MeshState, request: PutMeshRequest): void {
  if (request.owner !== state.owner) {
    throw conflict(`it is declared by "${state.owner}"`, "Declare the host in one stack only.", { owner: state.owner });
  }
  const present = state.parameters;
  const wanted = request.admission?.parameters ?? request.found;
  if (wanted === undefined) return;
  const isOther =
    request.admission === undefined
      ? wanted.name !== present.name
      : request.admission.parameters.meshId !== present.meshId;
  const details = { mesh: present.name, meshId: present.meshId };
  if (isOther) {
    throw conflict(
      `it is in the mesh "${present.name}" (${present.meshId})`,
      "Delete its MeshNode first, then declare it in the other mesh.",
      details,
    );
  }
  const { nodeRange, vmRange, mtu } = present;
  if (wanted.nodeRange === nodeRange && wanted.vmRange === vmRange && wanted.mtu === mtu) return;
  throw conflict(
    `the mesh "${present.name}" has the ranges ${nodeRange} and ${vmRange} and the MTU ${mtu}, fixed by its first node`,
    "Declare these values, or build a new mesh.",
    details,
  );
}

function conflict(reason: string, hint: string, details: Record<string, unknown>): LeeaError {
  return new LeeaError({ code: "CONFLICT", message: `Unable to put the host into the mesh: ${reason}`, hint, details });
}

/** A name or an endpoint may change; what the mesh knows the node by may not. */
function updateState(old: MeshState, request: PutMeshRequest): MeshState {
  return { ...old, name: request.name, endpoint: request.endpoint };
}

async function drawState(ctx: AgentContext, request: PutMeshRequest, identity: NodeIdentity): Promise<MeshState> {
  const { owner, name, endpoint } = request;
  const joined =
    request.admission === undefined ? found(ctx, request, identity) : join(ctx, request.admission, identity);
  const { parameters, meshAddress } = joined;
  const { nodeRange, vmRange } = parameters;
  const { portBase, portCount } = endpoint;
  const conflicts = await findMeshConflicts(ctx, { nodeRange, vmRange, portBase, portCount });
  if (conflicts.length > 0) throw conflictsError(parameters.name, conflicts);
  const address6 = meshAddress6(parameters.range6, digestFingerprint(identity.fingerprint));
  return { version: 1, owner, name, endpoint, parameters, meshAddress, meshAddress6: address6, vouched: [], links: [] };
}

function conflictsError(mesh: string, conflicts: readonly Conflict[]): LeeaError {
  const list = conflicts.map(({ what, mend }) => `  ${what}: ${mend}`);
  return new LeeaError({
    code: "NETWORK_CONFLICT",
    message: `the host cannot join the mesh "${mesh}":\n${list.join("\n")}`,
    hint: "Do what is named behind each of them, and run again; nothing was changed.",
    details: { conflicts },
  });
}

interface Joined {
  readonly parameters: MeshParameters;
  readonly meshAddress: string;
}

function found(ctx: AgentContext, request: PutMeshRequest, identity: NodeIdentity): Joined {
  if (request.found === undefined) {
    throw inputError("Membership", [
      { field: "found", message: "neither a mesh to found nor an admission to one is given" },
    ]);
  }
  const { name, nodeRange, vmRange, mtu } = request.found;
  const problems = checkMeshChoice({ nodeRange, vmRange, mtu });
  if (problems.length > 0) throw inputError(`Mesh "${name}"`, problems);
  const meshId = Buffer.from(ctx.system.randomBytes(8)).toString("hex");
  const range6 = drawRange6(ctx.system.randomBytes(5));
  const meshAddress = drawMeshAddress(nodeRange, identity.fingerprint, () => false);
  return { parameters: { name, meshId, range6, nodeRange, vmRange, mtu }, meshAddress };
}

function join(ctx: AgentContext, admission: NonNullable<PutMeshRequest["admission"]>, identity: NodeIdentity): Joined {
  const { parameters, voucher } = admission;
  const problems = [...checkMeshChoice(parameters)];
  if (!isRange6(parameters.range6))
    problems.push({ field: "mesh.range6", message: `"${parameters.range6}" is no ULA /48` });
  if (problems.length > 0) throw inputError(`Mesh "${parameters.name}"`, problems);
  const use = { meshId: parameters.meshId, subjectFingerprint: identity.fingerprint, nowMs: ctx.system.nowMs() };
  const { meshAddress } = checkVoucher(voucher, use);
  const range = parseIpv4Range(parameters.nodeRange);
  if ("problem" in range || !rangeHolds(range, meshAddress)) {
    throw inputError("Voucher", [
      { field: "meshAddress", message: `${meshAddress} is not in ${parameters.nodeRange}` },
    ]);
  }
  return { parameters: copyParameters(parameters), meshAddress };
}

/** Only the known fields, so that nothing else is kept. */
function copyParameters({ name, meshId, range6, nodeRange, vmRange, mtu }: MeshParameters): MeshParameters {
  return { name, meshId, range6, nodeRange, vmRange, mtu };
}
