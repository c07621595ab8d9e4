// Waiting with a look at intervals, ended by a cancel.

import { LeeaError } from "../../model/errors";

/** Calls `look` every `intervalMs` until it gives true. Error: CANCELLED when the signal aborts. */
export async function pollUntil(signal: AbortSignal, intervalMs: number, look: () => Promise<boolean>): Promise<void> {
  for (;;) {
    if (signal.aborted)
      throw new LeeaError({
        code: "CANCELLED",
        message: "the move was cancelled",
        hint: "The VM runs on its source as before.",
      });
    if (await look()) return;
    await pause(intervalMs);
  }
}

/** Resolves after a time. */
export function pause(timeMs: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, timeMs));
}
