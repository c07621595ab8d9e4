// Admits a candidate: signs a voucher, with an IPv4 address that no node of the mesh holds as far as this member's routes tell. Any
// member may admit, because the operator asks it over SSH.

import { composeVoucherPayload, voucherLifetimeMs } from "../../../model/mesh/voucher";
import type { VouchRequest, VouchResponse } from "../../../protocol/node";
import type { AgentContext } from "../../agent-context";
import { listRoutes } from "../conflicts/list-routes";
import { readIdentity, readIdentityKey } from "../identity";
import { type MeshState, requireMeshState, writeMeshState } from "../mesh-state";
import { takeTurn } from "../take-turn";
import { checkIdentity } from "./check-identity";
import { signPayload } from "./check-voucher";
import { drawMeshAddress } from "./draw-mesh-address";

/** Parameters of the mesh and a voucher for the candidate. Errors: NOT_ALLOWED_NOW, INPUT_INVALID (id and key do not fit), NETWORK_CONFLICT. */
export async function vouch(ctx: AgentContext, request: VouchRequest): Promise<VouchResponse> {
  checkIdentity(request.candidate);
  const identity = await readIdentity(ctx);
  return takeTurn(ctx, "mesh", async () => {
    const state = await requireMeshState(ctx);
    const { fingerprint } = request.candidate;
    // A member vouches for itself too: the other end of a new link wants to know that it is one.
    const isSelf = fingerprint === identity.fingerprint;
    const meshAddress = isSelf ? state.meshAddress : await reserveAddress(ctx, state, fingerprint);
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
