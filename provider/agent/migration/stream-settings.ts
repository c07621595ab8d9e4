// What both ends of a move's streams must set alike, as measured best: TLS with AES-128-GCM, two multifd channels.
// QEMU reports a difference between the ends only as a failed load.

import type { QmpMigrationCapability } from "../qmp/commands";

/** GnuTLS priority of both credentials objects: QEMU's default cipher takes more than twice the time. */
export const tlsPriority = "NORMAL:-CIPHER-ALL:+AES-128-GCM";

/** Stands for no limit; QEMU's default is 128 MiB/s, at which a busy guest never converges. In bytes per second. */
export const unlimitedBytesPerSecond = 12_500_000_000;

/** Capabilities of one side. The gate is the source's alone. */
export function migrationCapabilities(
  side: "source" | "destination",
): readonly { readonly capability: QmpMigrationCapability; readonly state: boolean }[] {
  const both: QmpMigrationCapability[] = ["events", "return-path", "multifd"];
  const names: QmpMigrationCapability[] = side === "source" ? [...both, "pause-before-switchover"] : both;
  return names.map((capability) => ({ capability, state: true }));
}
