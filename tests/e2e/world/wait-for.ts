// Waiting for a condition with a deadline: the only way in which these tests let time pass.

import { setTimeout as delay } from "node:timers/promises";

/** What `look` gives once it is neither undefined nor false; after `limitMs` an error that says what never came. */
export async function waitFor<T>(
  what: string,
  look: () => Promise<T | undefined | false> | T | undefined | false,
  limitMs = 20_000,
): Promise<T> {
  const deadline = Date.now() + limitMs;
  for (;;) {
    const found = await look();
    if (found !== undefined && found !== false) return found;
    if (Date.now() > deadline) throw new Error(`waited ${limitMs} ms in vain for ${what}`);
    await delay(100);
  }
}
