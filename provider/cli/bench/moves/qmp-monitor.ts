// A bare QMP client for the floor's script and for watching: commands one after another, events kept with QEMU's own
// time. It knows no state of a move; the product's client is another one, on purpose.

import { connect, type Socket } from "node:net";
import { setTimeout as wait } from "node:timers/promises";
import { LeeaError } from "../../../model/errors";

/** An event; `atMs`: QEMU's wall clock, which all hosts of one machine share (QMP specification, timestamp). */
export interface MonitorEvent {
  readonly event: string;
  readonly data: Readonly<Record<string, unknown>>;
  readonly atMs: number;
}

interface Message {
  readonly event?: string;
  readonly data?: Readonly<Record<string, unknown>>;
  readonly timestamp?: { readonly seconds: number; readonly microseconds: number };
  readonly return?: unknown;
  readonly error?: { readonly desc: string };
}

const connectDeadlineMs = 90_000;

/** A monitor that is connected. */
export class QmpMonitor {
  readonly events: MonitorEvent[] = [];
  readonly #socket: Socket;
  readonly #waiting: { resolve: (value: unknown) => void; reject: (error: Error) => void }[] = [];
  readonly #watchers = new Set<() => void>();
  #rest = "";

  constructor(socket: Socket) {
    this.#socket = socket;
    socket.setEncoding("utf8").on("data", (text: string) => this.#take(text));
    socket.on("error", () => undefined); // the close that follows ends every wait
    socket.on("close", () => this.#closed());
  }

  /** Runs a command. Errors are QEMU's own words. */
  execute(command: string, args: Readonly<Record<string, unknown>> = {}): Promise<Record<string, unknown>> {
    if (this.#socket.destroyed) return Promise.reject(new Error(`QEMU closed its monitor before ${command}`));
    return new Promise((resolve, reject) => {
      this.#waiting.push({ resolve: (value) => resolve(value as Record<string, unknown>), reject });
      this.#socket.write(`${JSON.stringify({ execute: command, arguments: args })}\n`);
    });
  }

  /** The first event from index `since` on that fits. Error: TIMED_OUT, with `what`. */
  async waitEvent(
    what: string,
    fits: (event: MonitorEvent) => boolean,
    since = 0,
    timeoutMs = 60_000,
  ): Promise<MonitorEvent> {
    const deadline = performance.now() + timeoutMs;
    for (;;) {
      const found = this.events.slice(since).find(fits);
      if (found !== undefined) return found;
      const leftMs = deadline - performance.now();
      if (leftMs <= 0 || this.#socket.destroyed)
        throw new LeeaError({
          code: "TIMED_OUT",
          message: `QEMU never said: ${what}`,
          details: { events: this.events },
        });
      await this.#nextEvent(leftMs);
    }
  }

  /** Runs a command in the instant of the next event that fits: before anyone who waits for that event goes on. */
  executeAt(fits: (event: MonitorEvent) => boolean, command: string): Promise<Record<string, unknown>> {
    const since = this.events.length;
    return new Promise((resolve, reject) => {
      const look = (): void => {
        if (this.#socket.destroyed) reject(new Error("QEMU closed its monitor"));
        else if (this.events.slice(since).some(fits)) this.execute(command).then(resolve, reject);
        else return;
        this.#watchers.delete(look);
      };
      this.#watchers.add(look);
    });
  }

  close(): void {
    this.#socket.destroy();
  }

  #nextEvent(timeoutMs: number): Promise<void> {
    return new Promise((resolve) => {
      const done = (): void => {
        clearTimeout(timer);
        this.#watchers.delete(done);
        resolve();
      };
      const timer = setTimeout(done, timeoutMs);
      this.#watchers.add(done);
    });
  }

  #take(text: string): void {
    const lines = (this.#rest + text).split("\n");
    this.#rest = lines.pop() ?? "";
    for (const line of lines) if (line.trim() !== "") this.#handle(JSON.parse(line) as Message);
  }

  #handle({ event, data, timestamp, error, ...rest }: Message): void {
    if (event !== undefined) {
      const atMs = (timestamp?.seconds ?? 0) * 1000 + (timestamp?.microseconds ?? 0) / 1000;
      this.events.push({ event, data: data ?? {}, atMs });
      for (const watcher of this.#watchers) watcher();
    } else if (error !== undefined) this.#waiting.shift()?.reject(new Error(error.desc));
    else if ("return" in rest) this.#waiting.shift()?.resolve(rest.return);
  }

  #closed(): void {
    for (const { reject } of this.#waiting.splice(0)) reject(new Error("QEMU closed its monitor"));
    for (const watcher of this.#watchers) watcher();
  }
}

/** Connects as soon as somebody listens there. Error: TIMED_OUT. */
export async function openMonitor(path: string, deadlineMs = connectDeadlineMs): Promise<QmpMonitor> {
  const giveUpAtMs = performance.now() + deadlineMs;
  for (;;) {
    const socket = await tryConnect(path);
    if (socket !== undefined) {
      const monitor = new QmpMonitor(socket);
      await monitor.execute("qmp_capabilities");
      return monitor;
    }
    if (performance.now() > giveUpAtMs)
      throw new LeeaError({ code: "TIMED_OUT", message: `no QEMU listens at ${path}` });
    await wait(5);
  }
}

function tryConnect(path: string): Promise<Socket | undefined> {
  return new Promise((resolve) => {
    const socket = connect(path);
    socket.once("connect", () => resolve(socket));
    socket.once("error", () => resolve(undefined));
  });
}

/** True for MIGRATION with that status. */
export function isMigration(status: string): (event: MonitorEvent) => boolean {
  return ({ event, data }) => event === "MIGRATION" && data["status"] === status;
}

/** True for an event of that name. */
export function isNamed(name: string): (each: MonitorEvent) => boolean {
  return ({ event }) => event === name;
}
