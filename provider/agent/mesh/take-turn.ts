// Lets acts on one thing of the host follow one another: requests come side by side, and two that read, decide and write the same
// record must not interleave. It holds no state of its own but the queue.

import type { AgentContext } from "../agent-context";
import type { System } from "../system/system";

const queues = new WeakMap<System, Map<string, Promise<unknown>>>();

/** Runs `act` after every earlier act on the same subject of this host has ended, whether well or not. Not reentrant. */
export function takeTurn<T>(ctx: AgentContext, subject: string, act: () => Promise<T>): Promise<T> {
  const queue = queues.get(ctx.system) ?? new Map<string, Promise<unknown>>();
  queues.set(ctx.system, queue);
  const result = (queue.get(subject) ?? Promise.resolve()).then(act);
  const settled = result.catch(() => undefined); // the caller gets the error; the next in the queue goes on regardless
  queue.set(subject, settled);
  return result;
}
