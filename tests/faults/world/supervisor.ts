// What systemd does on a real host and nobody in the lab: an agent that died, or whose host has booted, is started again
// a second later (RestartSec=1 of the agent's unit). It looks at processes only, and starts by the product's own way.

import type { HostSession } from "../../../provider/controller/host-session";
import { type World, withAgent } from "../../e2e/world/world";
import { findProcesses, isAgent } from "./find-processes";

const restartMs = 1_000;

/** Keeps the agents of a world alive until it is told to stop. */
export class Supervisor {
  readonly #world: World;
  #timer: NodeJS.Timeout | undefined;
  readonly #starting = new Set<string>();

  constructor(world: World) {
    this.#world = world;
    this.#timer = setInterval(() => this.#look(), restartMs);
  }

  /** No agent is started any more. */
  stop(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  #look(): void {
    const { lab } = this.#world;
    for (const { name, pid } of lab.hosts) {
      if (pid === null || this.#starting.has(name) || findProcesses(lab, name, isAgent).length > 0) continue;
      this.#starting.add(name);
      void this.#start(name).finally(() => this.#starting.delete(name));
    }
  }

  /** A host whose power is off, or whose SSH server is not up yet, is tried again at the next look. */
  async #start(host: string): Promise<void> {
    await withAgent(this.#world, host, (session: HostSession) => session.call("getHealth", {})).catch(() => undefined);
  }
}
