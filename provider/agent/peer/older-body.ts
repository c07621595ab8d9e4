// A body in the words that the other agent knows. What it is not told is written down where a VM's record is concerned: the
// VM will live there without it.

import type { NodeDescriptor } from "../../protocol/node";
import type { PrepareMoveRequest } from "../../protocol/peer";
import { describeLost, wordsFor } from "../../protocol/skew/words-for";
import type { VerbName } from "../../protocol/verbs";
import type { AgentContext } from "../agent-context";
import { noteDecision } from "../vm/record/decision-log";
import { protocolOf } from "./peer-protocols";

/** The body as the peer can take it. Error: NOT_ALLOWED_NOW where the peer would do something else than is meant. */
export function olderBody(ctx: AgentContext, peer: NodeDescriptor, verb: VerbName, body: unknown): unknown {
  const protocol = protocolOf(ctx, peer);
  const words = wordsFor(protocol, verb, body);
  if (words.lost.length === 0) return words.body;
  ctx.log.write("warn", "peer-is-older", { peer: peer.nodeId, verb, protocol, lost: words.lost });
  if (verb === "prepareMove") {
    const { record } = body as PrepareMoveRequest;
    const because = [describeLost(`the agent of "${peer.name}"`, protocol, words.lost)];
    noteDecision(ctx, record.vmId, { decision: "moves-to-older-agent", because, evidence: { lost: words.lost } });
  }
  return words.body;
}
