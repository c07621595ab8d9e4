// What joins fake QEMUs: who listens where, and the one law that all of this is for. It looks at every guest that begins
// to take steps, so that two that run at once are seen however short the moment is.

/** What the law needs to know of a QEMU. */
interface WiredQemu {
  readonly host: string;
  readonly uuid: string;
  readonly runs: boolean;
}

/** All QEMUs of a world. */
export class FakeWire<Qemu extends WiredQemu> {
  readonly qemus = new Set<Qemu>();
  /** Each time a guest ran where it must not. Must be empty at a test's end. */
  readonly violations: string[] = [];
  /** The destination has loaded and its last word never reaches the source: the case that breaks a move without a grant. */
  loseLastAck = false;
  /** What a new stream meets: an end that answers, none at all, or one that says nothing to the TLS handshake. */
  answers: "all" | "nothing" | "no-handshake" = "all";
  /** Hosts that no other host reaches. */
  readonly cutOff = new Set<string>();
  /** Says why a guest may not run on its host now; asked at each start. */
  forbids: (qemu: Qemu) => string | undefined = () => undefined;

  /** The QEMU that listens as asked, as far as `from` reaches its host. */
  find(from: Qemu, listens: (qemu: Qemu) => boolean): Qemu | undefined {
    if (this.cutOff.has(from.host)) return undefined;
    return [...this.qemus].find((qemu) => listens(qemu) && !this.cutOff.has(qemu.host));
  }

  /** Called at each change of a run state. */
  look(changed: Qemu): void {
    if (!changed.runs) return;
    const running = [...this.qemus].filter((qemu) => qemu.uuid === changed.uuid && qemu.runs);
    if (running.length > 1) this.violations.push(`runs at once on ${running.map(({ host }) => host).join(" and ")}`);
    const forbidden = this.forbids(changed);
    if (forbidden !== undefined) this.violations.push(`runs on ${changed.host}, where ${forbidden}`);
  }
}
