// What a fake QEMU tells of its memory stream and of its mirrors, and when they come to their end: a busy guest's memory
// converges only once it stands still or is slowed down, and a dead way carries nothing. Figures as of query-migrate.

/** When the memory gets across. `throttled`: once QEMU may slow the guest down by more than 1 % (max-cpu-throttle). */
export type Convergence = "at-once" | "paused" | "throttled" | "never";

const stepBytes = 4096;

/** The guest's habits and the way's: set by a test before or while the VM moves. */
export class FakeStream {
  converges: Convergence = "at-once";
  /** Not a byte goes over any more, and nobody is told. */
  isDead = false;
  /** Mirrors do not get READY; `nearing`: they get on, `standing`: they send and get no nearer. */
  mirrors: "at-once" | "nearing" | "standing" = "at-once";
  private sent = 0;
  private mirrored = 0;

  /** True where the stream has reached the gate. */
  isAcross(qemu: { readonly status: string; readonly parameters: ReadonlyMap<string, unknown> }): boolean {
    if (this.isDead) return false;
    const isThrottled = Number(qemu.parameters.get("max-cpu-throttle") ?? 99) > 1;
    return {
      "at-once": true,
      paused: qemu.status !== "running",
      throttled: qemu.status !== "running" || isThrottled,
      never: false,
    }[this.converges];
  }

  /** query-migrate's `ram` at a look: more was sent since the last one. */
  look(): Readonly<Record<string, number>> {
    if (!this.isDead) this.sent += stepBytes;
    return {
      transferred: this.sent,
      remaining: this.converges === "at-once" ? 0 : stepBytes,
      total: 4 * stepBytes,
      mbps: 100,
      "dirty-pages-rate": 3_000,
      "dirty-sync-count": 3,
      "page-size": 4096,
    };
  }

  /** query-block-jobs' figures of a mirror at a look. */
  lookAtMirror(): { readonly len: number; readonly offset: number } {
    if (this.mirrors === "at-once") return { len: stepBytes, offset: stepBytes };
    if (!this.isDead) this.mirrored += stepBytes;
    return { offset: this.mirrored, len: this.mirrors === "standing" ? this.mirrored + stepBytes : 2 ** 30 };
  }
}
