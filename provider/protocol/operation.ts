// Long work as a record: it has an id chosen by the caller, survives the caller and the agent, and gives the same
// result however often it is asked for.

import type { ErrorCode } from "../model/errors";

/**
 * Id of an operation or a move, chosen by the caller; it becomes a file name.
 * @pattern ^[A-Za-z0-9-]{8,64}$
 */
export type OperationId = string;

/**
 * Id of a VM: the first 26 characters of a base32 digest.
 * @pattern ^[a-z2-7]{26}$
 */
export type VmId = string;

/** How far a phase has come. Absent figures are not known. */
export interface Progress {
  readonly phase: string;
  readonly message?: string;
  readonly bytesDone?: number;
  readonly bytesTotal?: number;
  readonly bytesPerSecond?: number;
  readonly secondsLeft?: number;
}

/** A LeeaError on the wire. `cause` holds the messages of its causes, outermost first. */
export interface WireError {
  readonly code: ErrorCode;
  readonly message: string;
  readonly hint?: string;
  readonly details?: Readonly<Record<string, unknown>>;
  readonly causes?: readonly string[];
}

/** What an operation does. */
export type OperationKind =
  | "setup"
  | "put-vm"
  | "delete-vm"
  | "move-vm"
  | "restart-vm"
  | "leave"
  | "put-gpu-partition"
  | "delete-gpu-partition";

/** An operation as its host reports it. `result` is set when it succeeded, `error` when it failed. */
export interface Operation {
  readonly operationId: string;
  readonly kind: OperationKind;
  readonly vmId?: string;
  /** The GPU partition that it changes. */
  readonly partitionId?: string;
  readonly state: "running" | "succeeded" | "failed" | "cancelled";
  readonly progress: Progress;
  readonly result?: unknown;
  readonly error?: WireError;
  readonly startedAtMs: number;
  readonly endedAtMs?: number;
}
