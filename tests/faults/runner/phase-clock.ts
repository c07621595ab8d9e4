// Where the seconds of a run go, for whoever makes it faster: each phase's own time, as it was lived through.

/** Phases in the order in which they ended, in `ms`. */
export class PhaseClock {
  readonly #times = new Map<string, number>();

  /** Gives what the act gives, and keeps how long it took, also where it fails. */
  async of<T>(phase: string, act: () => Promise<T>): Promise<T> {
    const startedAtMs = performance.now();
    try {
      return await act();
    } finally {
      this.#times.set(phase, (this.#times.get(phase) ?? 0) + performance.now() - startedAtMs);
    }
  }

  /** Seconds by phase, to a tenth; what took less is left out. */
  tell(): string {
    const told = [...this.#times].map(([phase, timeMs]) => [phase, (timeMs / 1000).toFixed(1)] as const);
    return told
      .filter(([, seconds]) => seconds !== "0.0")
      .map(([phase, seconds]) => `${phase} ${seconds}`)
      .join(", ");
  }
}
