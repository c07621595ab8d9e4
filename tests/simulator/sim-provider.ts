// The provider of the simulator: tells the destination, begins the move under one operation id, asks until it has ended,
// and asks again afterwards, because the answer must stay the same. It may die and come back with the same id.

import type { SimOperation, SimWorldLike } from "./sim-types";

const askMs = 500;

/** One `up`. */
export class SimProvider {
  /** The operation's end, as it was told first. */
  result: SimOperation["state"] | undefined;
  isDone = false;
  private life = 0;
  private asks = 0;
  private readonly world: SimWorldLike;

  constructor(world: SimWorldLike) {
    this.world = world;
  }

  /** Tells the destination, then drives the operation to its end. */
  begin(): void {
    this.life += 1;
    this.world.hosts.b.storage.expected ??= "move-1";
    this.ask(this.life);
  }

  /** Killed: what runs goes on without it; a new one begins after a while. */
  die(downMs: number): void {
    this.life += 1;
    this.world.tell("provider killed");
    this.world.clock.after(downMs, () => this.begin());
  }

  /** Asks the source to undo the move. */
  cancel(): void {
    this.world.tell("provider cancels");
    this.world.hosts.a.agent.source.cancel();
  }

  private ask(life: number): void {
    if (life !== this.life) return;
    const { a } = this.world.hosts;
    if (a.isUp && a.agent.isAlive && a.agent.isListening) this.look(a.agent.source.beginOrRead());
    if (this.asks < 5) this.world.clock.after(askMs, () => this.ask(life));
    else this.isDone = true;
  }

  private look(state: SimOperation["state"] | undefined): void {
    if (state === undefined || state === "running") return;
    this.asks += 1;
    this.result ??= state;
    if (this.result !== state) this.world.violate(`the operation ended ${this.result} and then ${state}`);
  }
}
