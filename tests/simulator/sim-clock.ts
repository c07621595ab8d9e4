// Time and chance of the simulator: nothing in it happens but by an event of this clock, and nothing is drawn but from
// this generator, so that one seed is one story. No real time passes, and none is read.

/** A generator of numbers in [0, 1) that is the same everywhere for a seed (mulberry32). */
export class SimRandom {
  private state: number;

  constructor(seed: number) {
    this.state = (seed + 1) * 0x9e3779b1;
  }

  /** The next number. */
  next(): number {
    this.state = (this.state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(this.state ^ (this.state >>> 15), 1 | this.state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  }

  /** A whole number from 0 up to, but not, `limit`. */
  below(limit: number): number {
    return Math.floor(this.next() * limit);
  }

  /** One of the items. */
  pick<T>(items: readonly T[]): T {
    const item = items[this.below(items.length)];
    if (item === undefined) throw new Error("nothing to pick from");
    return item;
  }
}

interface Item {
  readonly atMs: number;
  readonly order: number;
  readonly act: () => void;
}

/** Events in the order of their time; those of one time in the order in which they were asked for. */
export class SimClock {
  nowMs = 0;
  private count = 0;
  private readonly items: Item[] = [];

  /** Acts after a time. */
  after(delayMs: number, act: () => void): void {
    this.count += 1;
    const item = { atMs: this.nowMs + delayMs, order: this.count, act };
    let index = this.items.length;
    while (index > 0 && isLater(this.items[index - 1], item)) index -= 1;
    this.items.splice(index, 0, item);
  }

  /** Resolves after a time. */
  sleep(delayMs: number): Promise<void> {
    return new Promise((resolve) => this.after(delayMs, resolve));
  }

  /** Runs until `isOver`, or until nothing is left to happen, or until the time; gives whether it was over. */
  async run(isOver: () => boolean, untilMs: number): Promise<boolean> {
    while (!isOver()) {
      const item = this.items.shift();
      if (item === undefined || item.atMs > untilMs) return false;
      this.nowMs = item.atMs;
      item.act();
      await new Promise((resolve) => setImmediate(resolve)); // everything that this event sets going comes to rest first
    }
    return true;
  }
}

function isLater(one: Item | undefined, other: Item): boolean {
  return one !== undefined && (one.atMs > other.atMs || (one.atMs === other.atMs && one.order > other.order));
}
