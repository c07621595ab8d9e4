// A destination does not wait for ever for a source that is gone: without a grant its QEMU can never run the guest, so
// giving up is always safe. But one that has all of the guest's memory waits on: the source may have released it.

import type { Agent } from "../../agent";
import { judgeIncoming } from "../recovery/judge-incoming";

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
    await judgeIncoming(agent, vmId, true).catch((error: unknown) =>
      agent.ctx.log.write("error", "give-up-failed", { vm: vmId, error: String(error) }),
    );
  }
}
