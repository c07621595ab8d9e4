// Which protocol the agents of other hosts speak, as their last answer said. In memory: the first answer of each says it again.

import type { NodeDescriptor } from "../../protocol/node";
import { minProtocolVersion } from "../../protocol/version";
import type { AgentContext } from "../agent-context";
import type { System } from "../system/system";

const known = new WeakMap<System, Map<string, number>>();

/** Keeps what an answer of the peer said. */
export function noteProtocol(ctx: AgentContext, peer: NodeDescriptor, protocol: number): void {
  const protocols = known.get(ctx.system) ?? new Map<string, number>();
  known.set(ctx.system, protocols.set(peer.fingerprint, protocol));
}

/** The peer's protocol; the oldest that we speak where it has not answered yet, as that is understood by all. */
export function protocolOf(ctx: AgentContext, peer: NodeDescriptor): number {
  return known.get(ctx.system)?.get(peer.fingerprint) ?? minProtocolVersion;
}
