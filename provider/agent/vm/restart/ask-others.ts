// Asks every member of the mesh what its own record says of a VM. Members that are not linked to us are asked by those
// that are. It only reads; an answer needs a host's records and none of its VMs, so hosts that boot at once answer each
// other. Who does not answer is named, never left out.

import { LeeaError } from "../../../model/errors";
import type { HostWord } from "../../../model/restart/decide-claim";
import type { NodeDescriptor } from "../../../protocol/node";
import type { AskVmRequest, AskVmResponse } from "../../../protocol/peer";
import type { Agent } from "../../agent";
import { readIdentity } from "../../mesh/identity";
import { readMeshState } from "../../mesh/mesh-state";

/** What each hop keeps of the time for its own way back. It also bounds the hops: a request without time is not sent on. */
const hopMs = 700;
const leastMs = 1_000;

/** What all the others say. Members that did not answer in `withinMs`, or that nobody had time to ask, are `silent`. */
export async function askOthers(agent: Agent, vmId: string, ask: AskVmRequest): Promise<AskVmResponse> {
  const { nodeId } = await readIdentity(agent.ctx);
  const links = (await readMeshState(agent.ctx))?.links ?? [];
  const others = links.map(({ peer }) => peer).filter((peer) => !ask.visited.includes(peer.nodeId));
  const withinMs = ask.withinMs - hopMs;
  if (withinMs < leastMs) return { words: [], silent: others.map((peer) => peer.nodeId) };
  const visited = [...new Set([...ask.visited, nodeId, ...others.map((peer) => peer.nodeId)])];
  return gather(await Promise.all(others.map((peer) => askOne(agent, peer, vmId, { visited, withinMs }))));
}

/** The answer to a member that asks. Error: PEER_REFUSED for a caller that this host is not linked to. */
export async function answerAsk(
  agent: Agent,
  vmId: string,
  asked: { readonly callerFingerprint: string; readonly ask: AskVmRequest },
): Promise<AskVmResponse> {
  const links = (await readMeshState(agent.ctx))?.links ?? [];
  if (!links.some(({ peer }) => peer.fingerprint === asked.callerFingerprint)) throw strangerError();
  const [own, others] = await Promise.all([ownWord(agent, vmId), askOthers(agent, vmId, asked.ask)]);
  return { words: [own, ...others.words], silent: others.silent };
}

async function ownWord(agent: Agent, vmId: string): Promise<HostWord> {
  const { nodeId } = await readIdentity(agent.ctx);
  const record = agent.records.get(vmId);
  return record === undefined ? { nodeId } : { nodeId, role: record.role, generation: record.generation };
}

async function askOne(agent: Agent, peer: NodeDescriptor, vmId: string, ask: AskVmRequest): Promise<AskVmResponse> {
  try {
    return await agent.askPeer(peer, "askVm", { params: { vmId }, body: ask, timeoutMs: ask.withinMs });
  } catch (error) {
    // Whatever the reason is, its word is missing: whoever decides must wait for it.
    const message = error instanceof Error ? error.message : String(error);
    agent.ctx.log.write("warn", "peer-did-not-say", { vm: vmId, peer: peer.nodeId, message });
    return { words: [], silent: [peer.nodeId] };
  }
}

/** Two ways may lead to one member: one answer is enough. */
function gather(answers: readonly AskVmResponse[]): AskVmResponse {
  const words = new Map(answers.flatMap((answer) => answer.words).map((word) => [word.nodeId, word]));
  const silent = new Set(answers.flatMap((answer) => answer.silent).filter((nodeId) => !words.has(nodeId)));
  return { words: [...words.values()], silent: [...silent] };
}

function strangerError(): LeeaError {
  return new LeeaError({
    code: "PEER_REFUSED",
    message: "this host is not linked to the one that asks",
    hint: "Run `pulumi up` on the stack that declares both MeshNodes.",
  });
}
