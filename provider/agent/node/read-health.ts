// What the agent says of itself: cheap, for every connection.

import type { Health } from "../../protocol/node";
import { minProtocolVersion, productVersion, protocolVersion } from "../../protocol/version";
import type { Agent } from "../agent";

/** The health of this agent. */
export async function readHealth(agent: Agent): Promise<Health> {
  return {
    protocol: protocolVersion,
    minProtocol: minProtocolVersion,
    version: productVersion,
    bundleHash: agent.bundleHash,
    pid: process.pid,
    uptimeMs: agent.ctx.system.nowMs() - agent.startedAtMs,
    rssBytes: process.memoryUsage.rss(),
    movesRunning: agent.operations.countRunning("move-vm") + countIncoming(agent),
  };
}

function countIncoming(agent: Agent): number {
  return agent.records.all().filter(({ role }) => role === "incoming").length;
}
