// The watcher's own QMP connection to one QEMU: the monitor for people, which the agent never opens. It reads events and
// asks for the status; only the test that proves the watcher sends anything that changes the guest.

import { connect, type Socket } from "node:net";
import { createInterface } from "node:readline";

/** An event as QEMU sent it; `atMs` is QEMU's own time in milliseconds since 1970, to the microsecond. */
export interface MonitorEvent {
  readonly name: string;
  readonly data: Readonly<Record<string, unknown>>;
  readonly atMs: number;
}

/** What a monitor tells. A status answer comes after every event that QEMU sent before it. */
export interface MonitorEars {
  onEvent(event: MonitorEvent): void;
  onStatus(status: { readonly running: boolean; readonly status: string }): void;
  onEnd(): void;
}

const freshMs = 20;

type Line = Readonly<Record<string, unknown>>;

/** A connection to a monitor. */
export class Monitor {
  readonly #socket: Socket;
  #waits = false;

  constructor(path: string, ears: MonitorEars) {
    this.#socket = connect(path);
    this.#socket.on("error", () => undefined); // its end is told by "close"
    this.#socket.once("close", () => ears.onEnd());
    const lines = createInterface({ input: this.#socket });
    lines.on("line", (text) => this.#take(JSON.parse(text) as Line, ears));
    lines.on("error", () => undefined); // it passes the socket's errors on
    this.#send("qmp_capabilities");
  }

  /**
   * Asks for the status, unless an answer is still owed. A write to a QEMU that has closed its end throws away what it said
   * before, its STOP above all. So what has come is read first, and nothing is written where this process was not let run
   * since: within `freshMs` no QEMU stops, moves and ends.
   */
  askStatus(): void {
    if (this.#waits) return;
    this.#waits = true;
    setImmediate(() => this.#askAfterReading());
  }

  #askAfterReading(): void {
    const readFromMs = performance.now();
    setImmediate(() => {
      if (this.#socket.destroyed || this.#socket.readableEnded) return;
      if (performance.now() - readFromMs > freshMs) this.#askAfterReading();
      else this.#send("query-status", "status");
    });
  }

  /** Sends a command that takes no arguments; its answer is not waited for. */
  send(command: string): void {
    this.#send(command, "sent");
  }

  /** Lets go of QEMU, which goes on as it is. */
  close(): void {
    this.#socket.destroy();
  }

  #send(execute: string, id?: string): void {
    this.#socket.write(`${JSON.stringify(id === undefined ? { execute } : { execute, id })}\n`);
  }

  #take(line: Line, ears: MonitorEars): void {
    if (typeof line["event"] === "string") ears.onEvent(toEvent(line, line["event"]));
    if (line["id"] !== "status") return;
    this.#waits = false;
    const status = line["return"] as { running: boolean; status: string } | undefined;
    if (status !== undefined) ears.onStatus(status);
  }
}

function toEvent(line: Line, name: string): MonitorEvent {
  const { seconds, microseconds } = line["timestamp"] as { seconds: number; microseconds: number };
  return { name, data: (line["data"] ?? {}) as MonitorEvent["data"], atMs: seconds * 1000 + microseconds / 1000 };
}
