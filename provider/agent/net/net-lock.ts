// One change of the host's network at a time: each reads the journal, acts, and puts the packet filter in place as a whole.

import type { AgentContext } from "../agent-context";

const queues = new Map<string, Promise<unknown>>();

/** Runs `act` when every earlier one on this host has ended, however it ended. Must not be called from within `act`. */
export async function withNetLock<T>(ctx: AgentContext, act: () => Promise<T>): Promise<T> {
  const key = ctx.paths.state;
  const earlier = queues.get(key) ?? Promise.resolve();
  const mine = earlier.then(act, act);
  const settled = mine.catch(() => undefined); // the next in line waits for the end, not for the success
  queues.set(key, settled);
  try {
    return await mine;
  } finally {
    if (queues.get(key) === settled) queues.delete(key);
  }
}
