// The guests of the row of twenty VMs, the same for every side, and the wait until each of them answers.

import { isLeeaError } from "../../../model/errors";
import type { RunIn } from "../../story/guest-client";
import { askGuest } from "../../story/guest-link";

/** Hosts of the row. */
export const createHosts = ["a", "b", "c"] as const;

/** What each guest has. */
export const manyShape = { memoryMib: 128, diskMib: 64 } as const;
/**
 * It keeps still once it has booted. A kernel that boots emulated on a busy machine can take its late timer for a broken one and
 * panic, so it does not judge it (kernel-parameters.txt, no_timer_check).
 */
export const manyCmdline = "console=ttyS0 quiet no_timer_check leea.dirty=0 leea.write=0 leea.ws=8";

const answerDeadlineMs = 240_000;
const askMs = 5_000;

/** A guest, and from where it is asked. */
export interface AskedGuest {
  readonly runIn: RunIn;
  readonly address: string;
}

/** Waits until every guest has answered. Error: TIMED_OUT. */
export async function awaitGuests(guests: readonly AskedGuest[]): Promise<void> {
  const deadline = performance.now() + answerDeadlineMs;
  // One asking program at a time a place: twenty Nodes at once would take the guests' processor from them.
  for (const { runIn, address } of guests) await awaitGuest(runIn, address, deadline);
}

async function awaitGuest(runIn: RunIn, address: string, deadline: number): Promise<void> {
  for (;;) {
    try {
      await askGuest(runIn, address, "status", askMs);
      return;
    } catch (error) {
      if (!isLeeaError(error, "TIMED_OUT") || performance.now() > deadline) throw error;
    }
  }
}
