// The way between the two agents: requests and answers that take their time, get lost, come late or twice, or find the
// link down. A request that nobody heard and an answer that was lost look the same to the one who asks.

import { type HostName, Refused, type SimWorldLike, Trouble, Unheard } from "./sim-types";

const lateMs = 40_000;

/** Calls between agents. */
export class SimNetwork {
  isUp = true;
  private readonly world: SimWorldLike;
  private readonly counts = new Map<string, number>();

  constructor(world: SimWorldLike) {
    this.world = world;
  }

  /** Asks the other host's agent. Errors: Unheard, Refused. */
  call(to: HostName, verb: string, timeoutMs: number, body: unknown): Promise<unknown> {
    const { clock } = this.world;
    const count = (this.counts.get(verb) ?? 0) + 1;
    this.counts.set(verb, count);
    const fate = this.world.fateOf(verb, count);
    this.world.tell(`asks ${to} ${verb}${fate === "arrive" ? "" : ` (${fate})`}`);
    return new Promise((resolve, reject) => {
      clock.after(timeoutMs, () => reject(new Unheard(`${verb}: no answer`)));
      if (fate === "lose") return;
      const answer = fate === "mute" ? (): void => undefined : (act: () => void): void => this.carry(act, 0);
      const deliver = (): void => this.deliver(to, verb, body, { resolve, reject, answer });
      this.carry(deliver, fate === "late" ? lateMs : 0);
      if (fate === "twice") this.carry(deliver, 500);
    });
  }

  /** TCP: what finds the link down waits for it. */
  private carry(act: () => void, extraMs: number, tries = 100): void {
    this.world.clock.after(0.2 + this.world.random.next() + extraMs, () => {
      if (this.world.isLinkUp) act();
      else if (tries > 0 && this.world.hosts.a.isUp && this.world.hosts.b.isUp) this.carry(act, 300, tries - 1);
    });
  }

  private deliver(to: HostName, verb: string, body: unknown, caller: Caller): void {
    const { agent } = this.world.hosts[to];
    if (!agent.isAlive || !agent.isListening) return caller.reject(new Unheard(`${to} refuses the connection`));
    agent.destination.answer(verb, body).then(
      (value) => caller.answer(() => caller.resolve(value)),
      (error: unknown) =>
        caller.answer(() => caller.reject(error instanceof Trouble ? error : new Refused(String(error)))),
    );
  }
}

interface Caller {
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: Error) => void;
  readonly answer: (act: () => void) => void;
}
