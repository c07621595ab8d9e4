// Waits for the guest: for its first answer, and for its disk to have acknowledged writes. Never waits without an end.

import { setTimeout as wait } from "node:timers/promises";
import { isLeeaError, LeeaError } from "../../../model/errors";
import type { GuestStatus } from "../guest-answers";
import type { RunIn } from "../guest-client";
import { askGuest } from "../guest-link";
import type { Note } from "./steps";

const askDeadlineMs = 5_000;
const bootDeadlineMs = 180_000;
const writeDeadlineMs = 120_000;
const askEveryMs = 500;

/** The guest's first answer that names its address. Throws TIMED_OUT after three minutes. */
export function waitForGuest(runIn: RunIn, address: string, note: Note): Promise<GuestStatus> {
  const limit = { deadlineMs: bootDeadlineMs, what: `an answer of the guest at ${address}` };
  return pollGuest(
    () => askOnce(runIn, address),
    limit,
    (status) => {
      if (status !== undefined && status.address !== "") return true;
      note("the guest does not answer yet");
      return false;
    },
  );
}

/** The guest's status once its disks have acknowledged `blocks` writes or more. Throws TIMED_OUT after two minutes. */
export function waitForBlocks(runIn: RunIn, address: string, blocks: number): Promise<GuestStatus> {
  const limit = { deadlineMs: writeDeadlineMs, what: `${blocks} acknowledged blocks of the guest at ${address}` };
  return pollGuest(
    () => askOnce(runIn, address),
    limit,
    (status) => countAcknowledged(status) >= blocks,
  );
}

/** Writes that the guest's disks have acknowledged since it booted. */
export function countAcknowledged(status: Pick<GuestStatus, "disks"> | undefined): number {
  return (status?.disks ?? []).reduce((sum, disk) => sum + disk.acked, 0);
}

async function askOnce(runIn: RunIn, address: string): Promise<GuestStatus | undefined> {
  try {
    return await askGuest(runIn, address, "status", askDeadlineMs);
  } catch (error) {
    // No answer is what is waited out here; anything else is a failure.
    if (isLeeaError(error, "TIMED_OUT")) return undefined;
    throw error;
  }
}

async function pollGuest(
  ask: () => Promise<GuestStatus | undefined>,
  { deadlineMs, what }: { readonly deadlineMs: number; readonly what: string },
  isEnough: (status: GuestStatus | undefined) => boolean,
): Promise<GuestStatus> {
  const deadline = Date.now() + deadlineMs;
  for (;;) {
    const status = await ask();
    if (isEnough(status) && status !== undefined) return status;
    if (Date.now() > deadline) {
      throw new LeeaError({
        code: "TIMED_OUT",
        message: `Unable to go on: no ${what} within ${deadlineMs / 1000} s`,
        hint: "Look at the VM's console on its host, and at the routes of the host that asks.",
        details: { status },
      });
    }
    await wait(askEveryMs);
  }
}
