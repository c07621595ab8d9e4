// The durable record of this host's membership: which mesh, which addresses, which links with which ports. It is written before
// what it announces is made, so that after a crash or a boot everything that exists is in it.

import { LeeaError } from "../../model/errors";
import type { MeshParameters, NodeDescriptor, Voucher } from "../../protocol/node";
import type { AgentContext } from "../agent-context";

/** One link. Its port and interface belong to it until it is deleted. */
export interface MeshLink {
  readonly peer: NodeDescriptor;
  readonly voucher: Voucher;
  readonly interfaceName: string;
  readonly listenPort: number;
  readonly peerPort?: number;
}

/** Membership of one mesh. */
export interface MeshState {
  readonly version: 1;
  readonly owner: string;
  readonly name: string;
  readonly endpoint: { readonly address: string; readonly portBase: number; readonly portCount: number };
  readonly parameters: MeshParameters;
  readonly meshAddress: string;
  readonly meshAddress6: string;
  /** Whom this node vouched for and with which address, so that it never gives one address to two. */
  readonly vouched: readonly { readonly fingerprint: string; readonly meshAddress: string }[];
  readonly links: readonly MeshLink[];
}

/** The record; undefined on a host that is in no mesh. Errors: INTERNAL (a record of a newer agent or a damaged one). */
export async function readMeshState(ctx: AgentContext): Promise<MeshState | undefined> {
  const text = await ctx.system.readText(meshStatePath(ctx));
  if (text === undefined) return undefined;
  const state = JSON.parse(text) as MeshState;
  if (state.version === 1) return state;
  throw new LeeaError({
    code: "AGENT_NEWER",
    message: `${meshStatePath(ctx)} was written by a newer agent`,
    hint: "Install the newer agent again, or let the node leave the mesh with it.",
  });
}

/** The record of a member. Errors: NOT_ALLOWED_NOW on a host that is in no mesh. */
export async function requireMeshState(ctx: AgentContext): Promise<MeshState> {
  const state = await readMeshState(ctx);
  if (state !== undefined) return state;
  throw new LeeaError({
    code: "NOT_ALLOWED_NOW",
    message: "this host is in no mesh",
    hint: "Run `pulumi up` on the stack that declares its MeshNode.",
  });
}

/** Replaces the record, durably. Only within a turn on "mesh" (take-turn.ts). */
export async function writeMeshState(ctx: AgentContext, state: MeshState): Promise<void> {
  await ctx.system.writeDurable(meshStatePath(ctx), `${JSON.stringify(state, undefined, 1)}\n`, 0o600);
}

/** Where the record is. */
export function meshStatePath(ctx: AgentContext): string {
  return `${ctx.paths.state}/mesh.json`;
}
