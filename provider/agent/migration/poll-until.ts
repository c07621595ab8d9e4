// Waiting with a look at intervals, ended by a cancel.

import { LeeaError } from "../../model/errors";

/**
 * Calls `look` every `intervalMs` until it gives true; a `wake` that resolves in between ends that pause. It never rejects.
 * Error: CANCELLED when the signal aborts.
 */
export async function pollUntil(
  signal: AbortSignal,
  intervalMs: number,
  look: () => Promise<boolean>,
  wake?: Promise<void>,
): Promise<void> {
  // One reaction for the whole wait: a race in each turn would keep one more for every turn that a copy of days takes.
  let hurry = (): void => undefined;
  void wake?.then(() => hurry());
  for (;;) {
    refuseCancelled(signal);
    if (await look()) return;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, intervalMs);
      hurry = (): void => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
}

/** Error: CANCELLED where a cancel was asked for. */
export function refuseCancelled(signal: AbortSignal): void {
  if (!signal.aborted) return;
  throw new LeeaError({
    code: "CANCELLED",
    message: "the move was cancelled",
    hint: "The VM is on its source as before.",
  });
}

/** What the act gives, or CANCELLED as soon as that is asked for; the act itself goes on, and its end is not told. */
export async function endIfCancelled<T>(signal: AbortSignal, act: Promise<T>): Promise<T> {
  refuseCancelled(signal);
  let tell: () => void = () => undefined;
  const cancelled = new Promise<never>((_, reject) => {
    tell = (): void => {
      try {
        refuseCancelled(signal);
      } catch (error) {
        reject(error as Error);
      }
    };
  });
  act.catch(() => undefined); // where the cancel came first
  signal.addEventListener("abort", tell, { once: true });
  try {
    return await Promise.race([act, cancelled]);
  } finally {
    signal.removeEventListener("abort", tell);
  }
}

/** Resolves after a time. */
export function pause(timeMs: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, timeMs));
}
