// What can be known of a move that broke off, as seen by whoever asks: the two records, the two QEMUs, and who answers.
// Only what was read stands in a view; a host that did not answer is `unreachable`, never guessed at.

import type { Role } from "../ownership";

/**
 * Where a QEMU stands. QAPI RunState, and of MigrationStatus `device` (the state of the devices is on its way). `absent`: no
 * process. `mute`: a process that does not answer. Every other standstill that is the guest's own counts as `io-error`.
 */
export type QemuState =
  | "running"
  | "paused"
  | "inmigrate"
  | "prelaunch"
  | "finish-migrate"
  | "device"
  | "postmigrate"
  | "shutdown"
  | "io-error"
  | "absent"
  | "mute";

/** Every QemuState, for tables and tests. */
export const qemuStates: readonly QemuState[] = [
  ...(["running", "paused", "inmigrate", "prelaunch", "finish-migrate", "device"] as const),
  ...(["postmigrate", "shutdown", "io-error", "absent", "mute"] as const),
];

/** One host as it answered. `none`: it has no record of the VM; its generation is 0. */
export interface HostView {
  readonly role: Role | "none";
  readonly generation: number;
  readonly qemu: QemuState;
  readonly wantsToRun: boolean;
  /** Whether an `incoming` or `abandoned` record belongs to the move that is judged; of other roles it says nothing. */
  readonly ofThisMove: boolean;
}

/** A host, or that it did not answer the one who asks. */
export type SeenHost = HostView | "unreachable";

/** Everything that the rule may know. */
export interface RecoveryView {
  /** `cold`: the guest was shut down for the move, and the destination starts it only after the grant. */
  readonly mode: "live" | "cold";
  readonly source: SeenHost;
  readonly destination: SeenHost;
  /** The source's agent drives the move at this moment: nobody else may end it. */
  readonly isUnderWay: boolean;
  /** The host that is unreachable has been so for longer than anybody waits. */
  readonly isSilent: boolean;
  /** The destination answered a grant with a refusal. */
  readonly isGrantRefused: boolean;
}

/** QEMU's own words (`query-status`, and `query-migrate` where it is known) as a QemuState. */
export function toQemuState(status: string, migration?: string): QemuState {
  if (status === "finish-migrate" && migration === "device") return "device";
  if (status === "suspended") return "running"; // the guest sleeps and may wake up by itself
  return qemuStates.find((state) => state === status) ?? "io-error";
}
