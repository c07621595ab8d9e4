// What is measured of one move, whoever makes it: from QEMU's own events on both sides and its own account of itself.

import { isMigration, isNamed, type QmpMonitor } from "./qmp-monitor";

const moveDeadlineMs = 90_000;

/** One move, in ms. */
export interface MoveSample {
  /** From the source's STOP event to the destination's RESUME event. */
  readonly stopToResumeMs: number;
  /** QEMU's own `downtime` (query-migrate of the source). */
  readonly downtimeMs: number;
  /** QEMU's downtime and, on top, from the source's completion to the destination's RESUME. */
  readonly outageMs: number;
  /** The part of `stopToResumeMs` after the source's completion. */
  readonly afterCompletionMs: number;
  /** QEMU's `total-time`: its memory phase. */
  readonly memoryMs: number;
  /** From the command to its end. */
  readonly wholeMs: number;
}

/** Where the time after STOP went up to the source's completion, in ms after STOP. */
export interface CutoverTimes {
  readonly gate: number;
  readonly mirrorsEnded: number;
  readonly completed: number;
}

/** What the two QEMUs said of a move. */
export interface MoveWords {
  readonly stopAtMs: number;
  readonly completedAtMs: number;
  readonly resumeAtMs: number;
  readonly info: Readonly<Record<string, unknown>>;
  readonly wholeMs: number;
}

/** The sample. */
export function sampleOf({ stopAtMs, completedAtMs, resumeAtMs, info, wholeMs }: MoveWords): MoveSample {
  const downtimeMs = Number(info["downtime"] ?? Number.NaN);
  const afterCompletionMs = resumeAtMs - completedAtMs;
  return {
    stopToResumeMs: resumeAtMs - stopAtMs,
    downtimeMs,
    outageMs: downtimeMs + Math.max(0, afterCompletionMs),
    afterCompletionMs,
    memoryMs: Number(info["total-time"] ?? Number.NaN),
    wholeMs,
  };
}

/** Watches a move that others drive. QEMU is asked for its account in the instant of its completion: it ends soon after. */
export async function watchMove(
  source: QmpMonitor,
  openDestination: () => Promise<QmpMonitor>,
  onResume: () => Promise<void> = () => Promise.resolve(),
): Promise<Omit<MoveWords, "wholeMs">> {
  const since = source.events.length;
  const account = source.executeAt(isMigration("completed"), "query-migrate");
  account.catch(() => undefined); // told below, where it is awaited
  const destination = await openDestination();
  try {
    const [completed, resumed, info] = await Promise.all([
      source.waitEvent("completed on the source", isMigration("completed"), since, moveDeadlineMs),
      destination.waitEvent("RESUME on the destination", isNamed("RESUME"), 0, moveDeadlineMs).then(async (event) => {
        await onResume();
        return event;
      }),
      account,
    ]);
    const stopped = await source.waitEvent("STOP on the source", isNamed("STOP"), since);
    return { stopAtMs: stopped.atMs, completedAtMs: completed.atMs, resumeAtMs: resumed.atMs, info };
  } finally {
    destination.close();
    source.close();
  }
}
