// One connection to a QMP monitor on a unix socket (QEMU docs/interop/qmp-spec). QEMU's end of it is the death signal of
// the VM's process. It decides nothing about the VM, and never puts arguments into an error or a log.
//
//   QEMU: {"QMP": {...}}   us: {"execute":"qmp_capabilities"}   QEMU: {"return":{}}   then calls and events, a line each

import { connect, type Socket } from "node:net";
import { isLeeaError, LeeaError } from "../../model/errors";
import type { QmpCallRest, QmpCommandName, QmpOutOfBandName, QmpReturn } from "./commands";
import { EventHistory, type EventWait } from "./event-history";
import { type QmpEvent, toQmpEvent } from "./events";
import { LineSplitter } from "./line-splitter";
import { PendingCalls, type QmpAnswer } from "./pending-calls";

type QmpMessage = QmpAnswer & Readonly<Record<string, unknown>>;

const maxLineBytes = 16 * 1024 * 1024;
const defaultTimeoutMs = 10_000;

/** How to connect: `timeoutMs` bounds the way to a monitor that takes commands; `oob` permits `executeOutOfBand`. */
export interface QmpConnectOptions {
  readonly timeoutMs: number;
  readonly oob?: boolean;
}

/** Bound of one call; absent means 10 s. */
export interface QmpCallOptions {
  readonly timeoutMs?: number;
}

/** Opens a monitor. Errors: QMP_CLOSED (nobody listens, or it ended), TIMED_OUT (it is mute, or another client holds it). */
export async function connectQmp(socketPath: string, options: QmpConnectOptions): Promise<QmpClient> {
  const socket = connect(socketPath);
  const client = new QmpClient(socket, socketPath);
  const timer = setTimeout(() => socket.destroy(muteMonitor(socketPath, options.timeoutMs)), options.timeoutMs);
  try {
    await client.greeted;
    await client.execute("qmp_capabilities", options.oob === true ? { enable: ["oob"] } : {}, options);
    return client;
  } catch (error) {
    socket.destroy();
    if (isLeeaError(error, "QMP_CLOSED") && isLeeaError(error.cause, "TIMED_OUT")) throw error.cause;
    throw error;
  } finally {
    clearTimeout(timer);
  }
}

/** A connected monitor. Only `connectQmp` makes one. */
export class QmpClient {
  /** Resolves when the monitor has ended; QEMU is then dead or has let this client go. Never rejects. */
  readonly closed: Promise<void>;
  /** Resolves at QEMU's greeting. */
  readonly greeted: Promise<void>;
  readonly #socket: Socket;
  readonly #lines = new LineSplitter(maxLineBytes);
  readonly #calls = new PendingCalls();
  readonly #events = new EventHistory();
  #onGreeting: () => void = () => undefined;
  #end: LeeaError | undefined;

  constructor(socket: Socket, socketPath: string) {
    this.#socket = socket;
    let cause: Error | undefined;
    socket.on("data", (chunk: Buffer) => this.#receive(chunk));
    socket.on("error", (error) => (cause = error));
    this.closed = new Promise((resolve) => {
      socket.once("close", () => {
        this.#finish(monitorClosed(socketPath, cause));
        resolve();
      });
    });
    this.greeted = new Promise((resolve, reject) => {
      this.#onGreeting = resolve;
      void this.closed.then(() => reject(this.#end));
    });
    this.greeted.catch(() => undefined); // told to whoever waits for it; a client that is closed later has no such waiter
  }

  /** Executes a command. Errors: QMP_COMMAND_FAILED (details: class, desc), QMP_CLOSED, TIMED_OUT. */
  execute<C extends QmpCommandName>(command: C, ...rest: QmpCallRest<C, QmpCallOptions>): Promise<QmpReturn<C>> {
    return this.#call("execute", command, rest);
  }

  /** Executes a command past QEMU's main loop (`exec-oob`); needs `oob` at connecting. Errors as `execute`. */
  executeOutOfBand<C extends QmpOutOfBandName>(
    command: C,
    ...rest: QmpCallRest<C, QmpCallOptions>
  ): Promise<QmpReturn<C>> {
    return this.#call("exec-oob", command, rest);
  }

  /** The position after the last event received: take it before a command whose events are to be waited for. */
  cursor(): number {
    return this.#events.cursor;
  }

  /** Calls the listener for each event from now on; the returned function ends that. */
  onEvent(listener: (event: QmpEvent) => void): () => void {
    return this.#events.listen(listener);
  }

  /** Gives the first event that fits, from the cursor `since` on (absent: from now). Errors: TIMED_OUT, QMP_CLOSED, INTERNAL. */
  waitEvent<E extends QmpEvent>(predicate: (event: QmpEvent) => event is E, wait: EventWait): Promise<E>;
  waitEvent(predicate: (event: QmpEvent) => boolean, wait: EventWait): Promise<QmpEvent>;
  waitEvent(predicate: (event: QmpEvent) => boolean, wait: EventWait): Promise<QmpEvent> {
    return this.#events.wait(predicate, wait);
  }

  /** Lets the monitor go; QEMU runs on. */
  close(): void {
    this.#socket.destroy();
  }

  async #call<C extends QmpCommandName>(
    verb: "execute" | "exec-oob",
    command: C,
    rest: QmpCallRest<C, QmpCallOptions>,
  ): Promise<QmpReturn<C>> {
    if (this.#end !== undefined) throw this.#end;
    const [args = {}, { timeoutMs = defaultTimeoutMs } = {}] = rest;
    return this.#calls.start(command, timeoutMs, (id) => {
      this.#socket.write(`${JSON.stringify({ [verb]: command, arguments: args, id })}\n`);
    });
  }

  #receive(chunk: Buffer): void {
    const atMs = performance.now();
    for (const message of this.#decode(chunk)) this.#take(message, atMs);
  }

  #decode(chunk: Buffer): readonly QmpMessage[] {
    try {
      const lines = this.#lines.feed(chunk).filter((line) => line !== "");
      return lines.map(parseLine);
    } catch (error) {
      this.#socket.destroy(error as Error); // what follows a broken line cannot be trusted
      return [];
    }
  }

  #take(message: QmpMessage, atMs: number): void {
    if ("QMP" in message) return this.#onGreeting();
    if ("return" in message || "error" in message) return this.#calls.settle(message);
    const event = toQmpEvent(message, atMs);
    if (event !== undefined) this.#events.add(event);
  }

  #finish(error: LeeaError): void {
    this.#end = error;
    this.#calls.end(error);
    this.#events.end(error);
  }
}

function parseLine(line: string): QmpMessage {
  const message: unknown = JSON.parse(line);
  if (typeof message === "object" && message !== null && !Array.isArray(message)) return message as QmpMessage;
  throw new LeeaError({
    code: "PROTOCOL_INVALID",
    message: "a line came in that is no QMP message",
    hint: "This is not a QMP monitor, or it is broken; restart the VM.",
  });
}

function monitorClosed(socketPath: string, cause: Error | undefined): LeeaError {
  return new LeeaError({
    code: "QMP_CLOSED",
    message: `the QEMU monitor ${socketPath} is closed`,
    hint: "QEMU has ended or was never there; its log says why.",
    cause,
  });
}

function muteMonitor(socketPath: string, timeoutMs: number): LeeaError {
  return new LeeaError({
    code: "TIMED_OUT",
    message: `the QEMU monitor ${socketPath} said nothing for ${timeoutMs} ms`,
    hint: "Another client may hold it, or QEMU is stuck; look at who has the socket open.",
  });
}
