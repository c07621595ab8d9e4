// Admits a candidate: signs a voucher, with an IPv4 address that no node of the mesh holds as far as this member's routes tell. Any
// member may admit, because the operator asks it over SSH.

import { LeeaError } from "../../model/errors";
import { drawIpv4, type Ipv4Range, parseIpv4Range } from "../../model/ipv4-range";
import { composeVoucherPayload, nodeIdFits, voucherLifetimeMs } from "../../model/voucher";
import type { NodeIdentity, VouchRequest, VouchResponse } from "../../protocol/node";
import type { AgentContext } from "../agent-context";
import { signPayload } from "./check-voucher";
import { digestFingerprint, fingerprintOf, readIdentity, readIdentityKey } from "./identity";
import { type MeshState, requireMeshState, writeMeshState } from "./mesh-state";
import { listRoutes } from "./list-routes";
import { takeTurn } from "./take-turn";

/** Parameters of the mesh and a voucher for the candidate. Errors: NOT_ALLOWED_NOW, INPUT_INVALID (id and key do not fit), NETWORK_CONFLICT. */
export async function vouch(ctx: AgentContext, request: VouchRequest): Promise<VouchResponse> {
  checkIdentity(request.candidate);
  const identity = await readIdentity(ctx);
  return takeTurn(ctx, "mesh", async () => {
    const state = await requireMeshState(ctx);
    const { fingerprint } = request.candidate;
    const meshAddress = await reserveAddress(ctx, state, fingerprint);
    const issuedAtMs = ctx.system.nowMs();
    const payload = composeVoucherPayload({
      meshId: state.parameters.meshId,
      issuer: identity.nodeId,
      subject: request.candidate.nodeId,
      subjectFingerprint: fingerprint,
      meshAddress,
      issuedAtMs,
      expiresAtMs: issuedAtMs + voucherLifetimeMs,
    });
    const signature = signPayload(payload, await readIdentityKey(ctx));
    ctx.log.write("info", "vouched", { subject: request.candidate.nodeId, meshAddress });
    return { parameters: state.parameters, voucher: { payload, signature, issuerPublicKey: identity.publicKey } };
  });
}

/** Throws where an identity's parts do not fit each other. Errors: INPUT_INVALID. */
export function checkIdentity(identity: NodeIdentity): void {
  const fingerprint = fingerprintOf(Buffer.from(identity.publicKey, "base64"));
  if (fingerprint === identity.fingerprint && nodeIdFits(identity.nodeId, fingerprint)) return;
  throw new LeeaError({
    code: "INPUT_INVALID",
    message: `The identity "${identity.nodeId}" does not fit its key`,
    hint: "Run `pulumi refresh`; if it stays so, another machine answers at the node's address.",
  });
}

/** Draws an address for a fingerprint that `isTaken` does not know: hash(fingerprint, 0), then 1, 2, … Errors: NETWORK_CONFLICT. */
export function drawMeshAddress(nodeRange: string, fingerprint: string, isTaken: (address: string) => boolean): string {
  const range = requireRange(nodeRange);
  for (let draw = 0; draw < 4096; draw += 1) {
    const address = drawIpv4(range, digestFingerprint(fingerprint, draw));
    if (address !== undefined && !isTaken(address)) return address;
  }
  throw new LeeaError({
    code: "NETWORK_CONFLICT",
    message: `No address is free in the nodes' range ${nodeRange}`,
    hint: "The range is fixed by the mesh's first node: build a new mesh with a larger one.",
  });
}

async function reserveAddress(ctx: AgentContext, state: MeshState, fingerprint: string): Promise<string> {
  const known = knownAddress(state, fingerprint);
  if (known !== undefined) return known;
  const taken = new Set([
    state.meshAddress,
    ...state.vouched.map((entry) => entry.meshAddress),
    ...state.links.map((link) => link.peer.meshAddress),
    ...(await listRoutes(ctx)).map((route) => route.destination),
  ]);
  const meshAddress = drawMeshAddress(state.parameters.nodeRange, fingerprint, (address) => taken.has(address));
  await writeMeshState(ctx, { ...state, vouched: [...state.vouched, { fingerprint, meshAddress }] });
  return meshAddress;
}

function knownAddress(state: MeshState, fingerprint: string): string | undefined {
  const link = state.links.find(({ peer }) => peer.fingerprint === fingerprint);
  return link?.peer.meshAddress ?? state.vouched.find((entry) => entry.fingerprint === fingerprint)?.meshAddress;
}

function requireRange(text: string): Ipv4Range {
  const range = parseIpv4Range(text);
  if (range === undefined) throw new TypeError(`"${text}" is no IPv4 range`);
  return range;
}
