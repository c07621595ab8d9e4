// What goes wrong in a story, and at which point of it. Points are passed before and after each thing that an agent does
// and each one has a name, so that a story can say: kill the source's agent after it has synced `released`.

import type { Fate, Fault, HostName, SimWorldLike } from "./sim-types";

type Timed = Exclude<Fault, { verb: string }>;

/** Carries the faults of one story out. */
export class FaultPlan {
  private readonly world: SimWorldLike;
  private readonly waiting: Set<Fault>;
  private points = 0;
  private active = 0;

  constructor(world: SimWorldLike, faults: readonly Fault[]) {
    this.world = world;
    this.waiting = new Set(faults);
  }

  /** True while nothing that was broken is still broken. */
  get isOver(): boolean {
    return this.active === 0;
  }

  /** Faults that never came about. */
  unmet(): readonly string[] {
    return [...this.waiting].map((fault) => JSON.stringify(fault));
  }

  /** A point is passed; gives for how long the one who passes it stands still, in `ms`. */
  reach(point: string): number {
    this.points += 1;
    let standsMs = 0;
    for (const fault of this.waiting) {
      if ("verb" in fault || (fault.at !== point && fault.at !== this.points)) continue;
      this.waiting.delete(fault);
      this.world.tell(`FAULT ${fault.do} at "${point}"${fault.ms === undefined ? "" : ` for ${fault.ms} ms`}`);
      if (fault.do === "pause") standsMs = fault.ms ?? 1_000;
      else this.act(fault);
    }
    return standsMs;
  }

  /** The fate of a call, by how often its verb was used. */
  fateOf(verb: string, count: number): Fate {
    for (const fault of this.waiting) {
      if (!("verb" in fault) || fault.verb !== verb || fault.count !== count) continue;
      this.waiting.delete(fault);
      return fault.fate;
    }
    return "arrive";
  }

  private act(fault: Timed): void {
    const { world } = this;
    const ms = fault.ms ?? 1_000;
    const host: HostName = fault.do.endsWith("-b") ? "b" : "a";
    const { qemu } = world.hosts[host];
    switch (fault.do) {
      case "kill-agent-a":
      case "kill-agent-b":
        return this.forTime(ms, () => world.killAgent(host, ms));
      case "cut-power-a":
      case "cut-power-b":
        return this.forTime(ms, () => world.cutPower(host, ms));
      case "kill-qemu-a":
      case "kill-qemu-b":
        return qemu?.end();
      case "mute-qemu-a":
      case "mute-qemu-b":
        if (qemu === undefined) return undefined;
        qemu.isMute = true;
        return this.forTime(ms, undefined, () => (qemu.isMute = false));
      case "link-down":
        world.network.isUp = false;
        return this.forTime(ms, undefined, () => (world.network.isUp = true));
      case "fill-disk-a":
      case "fill-disk-b":
        world.hosts[host].isFull = true;
        return this.forTime(ms, undefined, () => (world.hosts[host].isFull = false));
      case "torn-sync-a":
      case "torn-sync-b":
        world.hosts[host].isNextSyncTorn = true;
        return undefined;
      case "lose-last-ack":
        world.isLastAckLost = true;
        return undefined;
      case "cancel":
        return world.provider.cancel();
      case "kill-provider":
        return world.provider.die(ms);
      case "pause":
        return undefined;
    }
  }

  private forTime(ms: number, begin: (() => void) | undefined, end?: () => void): void {
    this.active += 1;
    begin?.();
    this.world.clock.after(ms, () => {
      this.active -= 1;
      end?.();
    });
  }
}
