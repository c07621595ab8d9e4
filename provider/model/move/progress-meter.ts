// What a row of looks at a stream tells: how fast it goes, since when nothing was sent, since when it got no nearer to its
// end. Pure: the looks bring their times, on any monotonic clock in `ms`.

const windowMs = 5_000;

interface Look {
  readonly atMs: number;
  readonly sentBytes: number;
}

/** The looks at one stream. The first one counts as the beginning. */
export class ProgressMeter {
  #looks: readonly Look[] = [];
  #sentAtMs: number | undefined;
  #leastBytes = Number.POSITIVE_INFINITY;
  #leastAtMs = 0;

  /** Takes a look: what was sent so far, and what is left now, both in bytes. */
  note(atMs: number, sentBytes: number, leftBytes: number): void {
    if (this.#looks.at(-1)?.sentBytes !== sentBytes) this.#sentAtMs = atMs;
    const recent = this.#looks.filter((look) => atMs - look.atMs <= windowMs);
    this.#looks = [...(recent.length === 0 ? this.#looks.slice(-1) : recent), { atMs, sentBytes }];
    if (leftBytes >= this.#leastBytes) return;
    this.#leastBytes = leftBytes;
    this.#leastAtMs = atMs;
  }

  /** Mean rate of the last 5 s, in bytes per second; 0 where there is no telling yet. */
  get bytesPerSecond(): number {
    const [first, last] = [this.#looks[0], this.#looks.at(-1)];
    if (first === undefined || last === undefined || last.atMs <= first.atMs) return 0;
    return Math.max(0, Math.round(((last.sentBytes - first.sentBytes) * 1000) / (last.atMs - first.atMs)));
  }

  /** How long not a byte was sent, up to the last look; in `ms`. */
  get stillMs(): number {
    return (this.#looks.at(-1)?.atMs ?? 0) - (this.#sentAtMs ?? 0);
  }

  /** How long there has not been less left than ever before, up to the last look; in `ms`. */
  get noNearerMs(): number {
    return (this.#looks.at(-1)?.atMs ?? 0) - this.#leastAtMs;
  }

  /** The figures of a Progress. `secondsLeft` is absent while nothing goes over. */
  describe(bytesDone: number, bytesTotal: number): ProgressFigures {
    const { bytesPerSecond } = this;
    const left = Math.max(0, bytesTotal - bytesDone);
    return {
      bytesDone,
      bytesTotal,
      bytesPerSecond,
      ...(bytesPerSecond > 0 ? { secondsLeft: Math.round(left / bytesPerSecond) } : {}),
    };
  }
}

/** Bytes, bytes per second, seconds. */
export interface ProgressFigures {
  readonly bytesDone: number;
  readonly bytesTotal: number;
  readonly bytesPerSecond: number;
  readonly secondsLeft?: number;
}
