// Waits for a condition of the host, with a deadline. It judges nothing: what a late condition means is the caller's business.

import { setTimeout as delay } from "node:timers/promises";

/** True once `isTrue` answers true; false when it has not within `timeoutMs`. Asks at first at once, then at growing intervals up to 200 ms. */
export async function waitUntil(isTrue: () => Promise<boolean>, timeoutMs: number): Promise<boolean> {
  const deadline = performance.now() + timeoutMs;
  for (let pauseMs = 10; ; pauseMs = Math.min(pauseMs * 1.5, 200)) {
    if (await isTrue()) return true;
    if (performance.now() >= deadline) return false;
    await delay(pauseMs);
  }
}
