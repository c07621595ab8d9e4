// An http.Agent whose connections are channels of one SSH connection. Idle channels are kept for the next request and
// closed by us after a while, never by the host's agent under a request.

import { Agent, type ClientRequest } from "node:http";
import type { Duplex } from "node:stream";

const idleChannelMs = 20_000;

/** What http asks of a socket and a channel lacks. */
interface SocketExtras {
  setKeepAlive(): void;
  setNoDelay(): void;
  setTimeout(): void;
  ref(): void;
  unref(): void;
  destroySoon(): void;
}

/** Sends requests over channels that `open` gives. */
export class AgentTransport extends Agent {
  readonly #open: () => Promise<Duplex>;
  readonly #idle = new WeakMap<Duplex, NodeJS.Timeout>();

  constructor(open: () => Promise<Duplex>) {
    super({ keepAlive: true });
    this.#open = open;
  }

  override createConnection(_options: unknown, callback?: (error: Error | null, stream: Duplex) => void): undefined {
    this.#open().then(
      (channel) => callback?.(null, dressAsSocket(channel)),
      (error: unknown) => callback?.(error as Error, undefined as never),
    );
  }

  override keepSocketAlive(socket: Duplex): boolean {
    super.keepSocketAlive(socket);
    this.#idle.set(socket, setTimeout(() => socket.destroy(), idleChannelMs).unref());
    return true;
  }

  override reuseSocket(socket: Duplex, request: ClientRequest): void {
    super.reuseSocket(socket, request);
    clearTimeout(this.#idle.get(socket));
    this.#idle.delete(socket);
  }
}

function dressAsSocket(channel: Duplex): Duplex {
  const nothing = (): void => undefined;
  const extras: SocketExtras = {
    setKeepAlive: nothing,
    setNoDelay: nothing,
    setTimeout: nothing,
    ref: nothing,
    unref: nothing,
    destroySoon: () => channel.destroy(),
  };
  return Object.assign(channel, extras);
}
