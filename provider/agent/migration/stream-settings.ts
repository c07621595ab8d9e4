// What both ends of a move's streams must set alike, as measured best: TLS with AES-128-GCM, two multifd channels.
// QEMU reports a difference between the ends only as a failed load.

import type { OnDeadline } from "../../model/vm-spec";
import type { QmpMigrationCapability } from "../qmp/commands";

/** GnuTLS priority of both credentials objects: QEMU's default cipher takes more than twice the time. */
export const tlsPriority = "NORMAL:-CIPHER-ALL:+AES-128-GCM";

/** Stands for no limit; QEMU's default is 128 MiB/s, at which a busy guest never converges. In bytes per second. */
export const unlimitedBytesPerSecond = 12_500_000_000;

/** Capabilities of both sides. */
const bothSides: readonly QmpMigrationCapability[] = ["events", "return-path", "multifd"];

interface CapabilityState {
  readonly capability: QmpMigrationCapability;
  readonly state: boolean;
}

/** Capabilities of the destination. */
export function destinationCapabilities(): readonly CapabilityState[] {
  return bothSides.map((capability) => ({ capability, state: true }));
}

/** Capabilities of the source: the gate is its alone. `auto-converge` cannot be switched once a stream runs, and is switched off for a QEMU that had it for an earlier move. */
export function sourceCapabilities(onDeadline: OnDeadline): readonly CapabilityState[] {
  return [
    ...destinationCapabilities(),
    { capability: "pause-before-switchover", state: true },
    { capability: "auto-converge", state: onDeadline === "auto-converge" },
  ];
}

/** Before the deadline the guest is slowed down by 1 %, the least that QEMU knows; in percent of a processor's time. */
export const throttleBeforeDeadline = {
  "cpu-throttle-initial": 1,
  "cpu-throttle-increment": 1,
  "max-cpu-throttle": 1,
} as const;

/** From the deadline on QEMU slows it down by this much more with every pass that does not get nearer. */
export const throttleFromDeadline = {
  "max-cpu-throttle": 99,
  "cpu-throttle-initial": 20,
  "cpu-throttle-increment": 33,
} as const;
