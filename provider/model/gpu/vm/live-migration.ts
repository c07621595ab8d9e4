// Whether a partition can take part in a live move, and why, as far as the host can tell before a guest has it. The last word
// is QEMU's (`blocked-reasons` of query-migrate), asked when a move is due; a vendor's name decides nothing.

import { isVfioDriver } from "../refusal/kernel-refusal";

/** `reason` is a sentence without its stop. */
export interface LiveMigration {
  readonly isPossible: boolean;
  readonly reason: string;
}

/** By the driver that serves the device to VFIO; absent: a mediated device's, which does not tell. */
export function judgeLiveMigration(driver: string | undefined): LiveMigration {
  if (driver === undefined)
    return { isPossible: false, reason: "its driver does not tell whether it can; QEMU decides when a move is due" };
  if (driver === "vfio-pci") return { isPossible: false, reason: "vfio-pci cannot save a device's state" };
  if (isVfioDriver(driver))
    return { isPossible: true, reason: `${driver} saves the device's state; QEMU decides when a move is due` };
  return { isPossible: false, reason: `${driver} does not tell whether it can; QEMU decides when a move is due` };
}
