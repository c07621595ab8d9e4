// A destination does not wait for ever for a source that is gone: without a grant its QEMU can never run the guest, so
// giving up is always safe, and it is synced like any other word.

import type { Agent } from "../../agent";
import { abandonIncoming } from "./incoming-move";

const lookMs = 30_000;
const silenceMs = 5 * 60_000;
const heardAtMs = new Map<string, number>();

/** Notes that the source of a move has spoken. */
export function noteHeard(moveId: string): void {
  heardAtMs.set(moveId, performance.now());
}

/** Looks now and then, as long as the agent lives. A move that was never heard of counts from the agent's start. */
export function watchSilentMoves(agent: Agent): void {
  const startedAtMs = performance.now();
  setInterval(() => void giveUpSilent(agent, startedAtMs), lookMs).unref();
}

async function giveUpSilent(agent: Agent, startedAtMs: number): Promise<void> {
  for (const { role, moveId, vmId } of agent.records.all()) {
    if (role !== "incoming" || moveId === undefined) continue;
    if (performance.now() - (heardAtMs.get(moveId) ?? startedAtMs) < silenceMs) continue;
    agent.ctx.log.write("warn", "silent-move-given-up", { vm: vmId, moveId });
    await abandonIncoming(agent, { moveId, vmId }).catch((error: unknown) =>
      agent.ctx.log.write("error", "give-up-failed", { vm: vmId, error: String(error) }),
    );
  }
}
