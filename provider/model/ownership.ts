// Who may run a VM. Every host that ever held a VM keeps one of these records and syncs it to its disk before the act
// that it announces. A VM runs only where the record says `owner` and no other host was granted a higher generation.
//
//   source:       owner n ── QEMU reports completed ──> released n→n+1 (synced) ── grant ──> … finish ──> former n+1
//   destination:  (none) ── told over SSH ──> incoming n ── grant received ──> owner n+1 (synced) ──> cont
//                                               └── abandon, or the source failed ──> abandoned n (synced, never ran)

import type { NicPorts } from "./qemu-argv/pci-layout";
import type { VmPins, VmSpec } from "./vm-spec";

/** What the host is to the VM. */
export type Role = "owner" | "incoming" | "released" | "former" | "abandoned" | "deleted";

/** Where a VM went: enough to find it again. `connection` is the non-secret way in, as declared. */
export interface MovedTo {
  readonly nodeId: string;
  readonly generation: number;
  readonly connection?: unknown;
}

/** Figures of one move, all of them measured by the source agent. */
export interface MoveFigures {
  readonly mode: "live" | "cold";
  readonly from: string;
  readonly to: string;
  readonly totalMs: number;
  /** Guest outage. Live: QEMU's downtime, and from the source's completion to the destination's RESUME; cold: from the order to shut down to the start there. */
  readonly downtimeMs: number;
  readonly ramBytes: number;
  readonly diskBytes: number;
  readonly passes: number;
}

/** QEMU of a VM on this host: pid and start time (clock ticks since boot, /proc/PID/stat field 22), and what its machine is like. */
export interface RecordedQemu {
  readonly pid: number;
  readonly startTicks: number;
  /** The PCI root ports for NICs of its machine: the destination of a move starts one alike. Absent: a page of 8. */
  readonly nicPorts?: NicPorts;
  /** The PCI root ports for GPUs of its machine, which cannot get more while it runs. Absent: none. */
  readonly gpuPorts?: number;
}

/** The record of one VM on one host. */
export interface VmRecord {
  readonly vmId: string;
  /** Declared by: organization/project/stack. */
  readonly owner: string;
  readonly logicalName: string;
  readonly role: Role;
  /** Counts changes of host, from 1. The host with the highest granted generation owns the VM. */
  readonly generation: number;
  /** Counts creations and adoptions, from 1. A delete that names an older one touches nothing. */
  readonly incarnation: number;
  readonly spec: VmSpec;
  readonly pins: VmPins;
  /** Numeric user and group of its QEMU, from the host's own range. */
  readonly uid: number;
  /** What its QEMU was started from; it differs from `spec` while a change still waits for a restart. */
  readonly launched?: VmSpec;
  /** The operation that last changed the record. */
  readonly operationId: string;
  /** Whether it was asked to run; a crash leaves this as it was. */
  readonly wantsToRun: boolean;
  /** When the guest last began from its boot loader, `ms` since 1970; a live move keeps it. */
  readonly bootedAtMs?: number;
  readonly qemu?: RecordedQemu;
  /** The move that a `released` or `incoming` record belongs to. */
  readonly moveId?: string;
  /** With `incoming`: the guest does not run while it moves. Absent means live. */
  readonly moveMode?: "cold";
  readonly movedTo?: MovedTo;
  readonly lastMigration?: MoveFigures;
}

/** True where this record alone permits to start or continue the VM. */
export function mayRun(record: Pick<VmRecord, "role">): boolean {
  return record.role === "owner";
}
