// The QMP events that we act on, in QEMU's own spelling. Events outside this table are not delivered to anybody.

import type { QmpMigrationStatus } from "./commands";

/** Fields outside the named ones stay readable as unknown. */
type Data<T = unknown> = Readonly<Record<string, unknown>> & T;

interface BlockJobData {
  readonly type: string;
  readonly device: string;
  readonly len: number;
  readonly offset: number;
  readonly speed: number;
}

/** Data of every event that is delivered. */
export interface QmpEventData {
  readonly STOP: Data;
  readonly RESUME: Data;
  readonly RESET: Data<{ readonly guest: boolean; readonly reason: string }>;
  readonly POWERDOWN: Data;
  readonly SHUTDOWN: Data<{ readonly guest: boolean; readonly reason: string }>;
  readonly GUEST_PANICKED: Data<{ readonly action: string }>;
  readonly MIGRATION: Data<{ readonly status: QmpMigrationStatus }>;
  readonly MIGRATION_PASS: Data<{ readonly pass: number }>;
  readonly BLOCK_JOB_READY: Data<BlockJobData>;
  /** Also sent for a job that failed: then `error` is there. */
  readonly BLOCK_JOB_COMPLETED: Data<BlockJobData & { readonly error?: string }>;
  readonly BLOCK_JOB_CANCELLED: Data<BlockJobData>;
  readonly BLOCK_JOB_ERROR: Data<{ readonly device: string; readonly operation: string; readonly action: string }>;
  readonly BLOCK_IO_ERROR: Data<{
    readonly device: string;
    readonly "node-name"?: string;
    readonly operation: string;
    readonly action: string;
    readonly reason: string;
  }>;
  readonly JOB_STATUS_CHANGE: Data<{ readonly id: string; readonly status: string }>;
  readonly BLOCK_EXPORT_DELETED: Data<{ readonly id: string }>;
}

/** Name of an event. */
export type QmpEventName = keyof QmpEventData;

interface EventOf<E extends QmpEventName> {
  readonly event: E;
  readonly data: QmpEventData[E];
  /** When it was received, monotonic `ms` (performance.now). */
  readonly atMs: number;
  /** QEMU's own timestamp, `µs` since 1970. */
  readonly qemuTimestampMicroseconds: number;
}

/** An event as delivered. */
export type QmpEvent = { [E in QmpEventName]: EventOf<E> }[QmpEventName];

const delivered: { readonly [E in QmpEventName]: true } = {
  STOP: true,
  RESUME: true,
  RESET: true,
  POWERDOWN: true,
  SHUTDOWN: true,
  GUEST_PANICKED: true,
  MIGRATION: true,
  MIGRATION_PASS: true,
  BLOCK_JOB_READY: true,
  BLOCK_JOB_COMPLETED: true,
  BLOCK_JOB_CANCELLED: true,
  BLOCK_JOB_ERROR: true,
  BLOCK_IO_ERROR: true,
  JOB_STATUS_CHANGE: true,
  BLOCK_EXPORT_DELETED: true,
};

/** Reads a decoded line as an event; undefined where it is none of the table. */
export function toQmpEvent(message: Readonly<Record<string, unknown>>, atMs: number): QmpEvent | undefined {
  const name = message["event"];
  if (typeof name !== "string" || !Object.hasOwn(delivered, name)) return undefined;
  const { seconds, microseconds } = asRecord(message["timestamp"]);
  const qemuTimestampMicroseconds = asCount(seconds) * 1_000_000 + asCount(microseconds);
  return { event: name, data: asRecord(message["data"]), atMs, qemuTimestampMicroseconds } as QmpEvent;
}

function asRecord(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? { ...value } : {};
}

function asCount(value: unknown): number {
  return typeof value === "number" ? value : 0;
}
