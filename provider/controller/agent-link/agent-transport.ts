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
  #ended = 0;

  constructor(open: () => Promise<Duplex>) {
    super({ keepAlive: true });
    this.#open = open;
  }

  /** Channels that have ended so far. While it stays, whoever answered on one of them is there: an agent's end ends them all. */
  get endedChannels(): number {
    return this.#ended;
  }

  override createConnection(_options: unknown, callback?: (error: Error | null, stream: Duplex) => void): undefined {
    this.#open().then(
      (channel) => {
        this.#watch(channel);
        callback?.(null, dressAsSocket(channel));
      },
      (error: unknown) => callback?.(error as Error, undefined as never),
    );
  }

  // A dead agent's channel is half open: sshd says that nothing more comes, and waits for us to close it.
  #watch(channel: Duplex): void {
    channel.once("close", () => (this.#ended += 1));
    channel.once("end", () => channel.destroy());
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
