// What one agent process has said of itself over a link. It need not be asked again while none of the link's channels has
// ended: the answer's own channel is open then, and so the process that gave it is the one that the next call reaches.

import type { Health } from "../../protocol/node";
import type { AgentTransport } from "./agent-transport";

interface Known {
  readonly health: Health;
  readonly nodeId: string | undefined;
  readonly endedChannels: number;
}

/** The agent behind a link. */
export class KnownAgent {
  readonly #transport: AgentTransport;
  #known: Known | undefined;

  constructor(transport: AgentTransport) {
    this.#transport = transport;
  }

  /** Its health when it was asked; undefined where it must be asked anew. Who counts its running moves must always ask. */
  get health(): Health | undefined {
    return this.#current()?.health;
  }

  /** Its node's id; undefined where it must be asked. */
  get nodeId(): string | undefined {
    return this.#current()?.nodeId;
  }

  /** Asks, and keeps the answer if no channel ended meanwhile. */
  async learnHealth(ask: () => Promise<Health>): Promise<Health> {
    const { endedChannels } = this.#transport;
    const health = await ask();
    this.#known = { health, nodeId: undefined, endedChannels };
    return health;
  }

  /** As `learnHealth`, of its node's id; kept beside a health only. */
  async learnNodeId(ask: () => Promise<string>): Promise<string> {
    const { endedChannels } = this.#transport;
    const nodeId = await ask();
    const known = this.#current();
    if (known?.endedChannels === endedChannels) this.#known = { ...known, nodeId };
    return nodeId;
  }

  /** For who has ended it: the news of its channels may come later. */
  forget(): void {
    this.#known = undefined;
  }

  #current(): Known | undefined {
    return this.#known?.endedChannels === this.#transport.endedChannels ? this.#known : undefined;
  }
}
