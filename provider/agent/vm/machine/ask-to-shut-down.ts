// The power button: a guest that still boots does not hear it, so it is pressed again until the guest ends or the limit
// is over. A guest that shuts down already makes nothing of a second press.

import { isLeeaError } from "../../../model/errors";
import type { QmpClient } from "../../qmp/qmp-client";

const againMs = 5_000;

/**
 * Presses (QAPI system_powerdown) and waits for SHUTDOWN; false where the guest has not ended within the limit, in ms.
 * Error: QMP_CLOSED (its QEMU ended).
 */
export async function askToShutDown(qmp: QmpClient, limitMs: number): Promise<boolean> {
  const since = qmp.cursor();
  const endsAtMs = performance.now() + limitMs;
  for (let leftMs = limitMs; leftMs > 0; leftMs = endsAtMs - performance.now()) {
    await qmp.execute("system_powerdown");
    if (await endsWithin(qmp, since, Math.min(againMs, leftMs))) return true;
    // A timer may fire a fraction of a millisecond early: what is left then is no time for another press.
    if (leftMs <= againMs) return false;
  }
  return false;
}

async function endsWithin(qmp: QmpClient, since: number, timeoutMs: number): Promise<boolean> {
  try {
    await qmp.waitEvent(({ event }) => event === "SHUTDOWN", { since, timeoutMs });
    return true;
  } catch (error) {
    if (isLeeaError(error, "TIMED_OUT")) return false;
    throw error;
  }
}
