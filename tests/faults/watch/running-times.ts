// When which QEMU's guest ran, and whether two ever ran at one instant. Pure: it is given what was seen, with QEMU's own
// times, and infers nothing from anybody's record.

/** A QEMU by this machine's pid. `copy` tells two of one VM apart for a reader: host and pid. */
export interface Copy {
  readonly pid: number;
  readonly host: string;
}

/** A time in which a copy's guest may have run. Milliseconds since 1970; no `toMs` while it still runs. */
export interface RunningTime extends Copy {
  readonly fromMs: number;
  toMs?: number;
}

/** Two copies that ran at one instant. */
export interface DoubleRun {
  readonly copies: readonly [Copy, Copy];
  readonly fromMs: number;
  /** How long both ran; unknown while both still run. */
  readonly lastedMs: number | undefined;
}

/** Collects the running times of one VM's copies. */
export class RunningTimes {
  #times: RunningTime[] = [];

  /** The guest of this copy runs from now on. */
  began({ pid, host }: Copy, atMs: number): void {
    if (this.runs(pid)) return;
    this.#times.push({ pid, host, fromMs: atMs });
  }

  /** It stands still, or its process is gone. */
  ended(pid: number, atMs: number): void {
    for (const time of this.#times) if (time.pid === pid && time.toMs === undefined) time.toMs = atMs;
  }

  /** Keeps only what still runs. */
  forgetEnded(): void {
    this.#times = this.#times.filter((time) => time.toMs === undefined);
  }

  /** True while the copy's guest runs. */
  runs(pid: number): boolean {
    return this.#times.some((time) => time.pid === pid && time.toMs === undefined);
  }

  /** Every time so far. */
  all(): readonly RunningTime[] {
    return this.#times;
  }

  /** Every two times of different copies that share an instant. */
  findDoubleRuns(): DoubleRun[] {
    return this.#times.flatMap((one, index) =>
      this.#times.slice(index + 1).flatMap((other) => {
        const fromMs = Math.max(one.fromMs, other.fromMs);
        const toMs = Math.min(one.toMs ?? Number.POSITIVE_INFINITY, other.toMs ?? Number.POSITIVE_INFINITY);
        if (one.pid === other.pid || toMs <= fromMs) return [];
        return [{ copies: [copyOf(one), copyOf(other)] as const, fromMs, lastedMs: lengthOf(fromMs, toMs) }];
      }),
    );
  }
}

function copyOf({ pid, host }: Copy): Copy {
  return { pid, host };
}

function lengthOf(fromMs: number, toMs: number): number | undefined {
  return Number.isFinite(toMs) ? Math.round((toMs - fromMs) * 1000) / 1000 : undefined;
}
