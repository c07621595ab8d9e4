// Keeps the end of what a guest prints on its serial console, and lets one person type on it. The chardev is a socket
// and this its only client, because a file of QEMU's own (`logfile=`, `-serial file:`) grows without bound at the
// guest's will, and a ring buffer inside QEMU dies with it. So both hosts of a move start QEMU with the same words. What
// is printed while no agent runs is dropped; what is read is never held back from the guest, by a slow person neither.

import { appendFile, rename, stat } from "node:fs/promises";
import { connect, type Socket } from "node:net";
import type { Duplex } from "node:stream";
import { LeeaError } from "../../model/errors";
import type { Log } from "../log";

/** From where to where. At `maxBytes` the file becomes FILE.1: at most twice that is kept (absent: 1 MiB). */
export interface ConsoleFollowing {
  readonly socketPath: string;
  readonly logPath: string;
  readonly maxBytes?: number;
}

/** A console that is being read. */
export interface FollowedConsole {
  /** Resolves when QEMU has ended, or the reading was ended. Never rejects. */
  readonly ended: Promise<void>;
  /**
   * Joins a person's stream to the console until either ends; `take` ends the stream of whoever has it.
   * Errors: IN_USE (somebody has it, details.sinceMs), NOT_ALLOWED_NOW (QEMU has ended).
   */
  attach(person: Duplex, take: boolean): void;
  /** Ends the reading. */
  close(): void;
}

const defaultMaxBytes = 1024 * 1024;
/** What a person may be behind. More, and the session ends: a stopped terminal must not fill the agent's memory. */
const maxBehindBytes = 4 * 1024 * 1024;

/** Reads a console into a bounded file. A full disk loses output and is logged once; the guest goes on. */
export function followConsole(following: ConsoleFollowing, log: Log): FollowedConsole {
  const socket = connect(following.socketPath);
  const seat = new ConsoleSeat(socket);
  let complained = false;
  const complain = (error: unknown): void => {
    if (!complained) log.write("warn", "console-not-kept", { path: following.logPath, error: String(error) });
    complained = true;
  };
  const read = async (): Promise<void> => {
    for await (const chunk of socket) {
      seat.show(chunk as Buffer);
      await appendBounded(following, chunk as Buffer).catch(complain);
    }
  };
  const ended = read()
    .catch(complain)
    .finally(() => seat.end());
  return { ended, attach: (person, take) => seat.attach(person, take), close: () => void socket.destroy() };
}

/** The one place at a console, and who sits there. */
class ConsoleSeat {
  readonly #console: Socket;
  #person: { readonly stream: Duplex; readonly sinceMs: number } | undefined;
  #isEnded = false;

  constructor(console: Socket) {
    this.#console = console;
  }

  attach(stream: Duplex, take: boolean): void {
    if (this.#isEnded)
      throw new LeeaError({
        code: "NOT_ALLOWED_NOW",
        message: "the VM's QEMU has ended, and its console with it",
        hint: "Start the VM, then attach again.",
      });
    if (this.#person !== undefined && !take) throw taken(this.#person.sinceMs);
    this.#person?.stream.end("\r\n[somebody else took the console]\r\n");
    const person = { stream, sinceMs: Date.now() };
    this.#person = person;
    const leave = (): void => {
      stream.unpipe(this.#console);
      if (this.#person === person) this.#person = undefined;
    };
    stream.on("error", leave); // hung up in the middle of something; `close` follows
    stream.on("close", leave);
    stream.on("end", () => {
      leave();
      stream.end();
    });
    stream.pipe(this.#console, { end: false });
  }

  show(chunk: Buffer): void {
    const stream = this.#person?.stream;
    if (stream === undefined || stream.writableEnded) return;
    if (stream.writableLength > maxBehindBytes) stream.destroy();
    else stream.write(chunk);
  }

  end(): void {
    this.#isEnded = true;
    this.#person?.stream.end();
    this.#person = undefined;
  }
}

function taken(sinceMs: number): LeeaError {
  return new LeeaError({
    code: "IN_USE",
    message: `somebody is at this console already, since ${new Date(sinceMs).toISOString()}`,
    hint: "Read along with `leea logs VM --follow`, or end the other session with `leea console VM --take`.",
    details: { sinceMs },
  });
}

async function appendBounded({ logPath, maxBytes = defaultMaxBytes }: ConsoleFollowing, chunk: Buffer): Promise<void> {
  const sizeBytes = await stat(logPath).then(
    ({ size }) => size,
    () => 0, // not there yet
  );
  if (sizeBytes > 0 && sizeBytes + chunk.length > maxBytes) await rename(logPath, `${logPath}.1`);
  await appendFile(logPath, chunk.subarray(-maxBytes), { mode: 0o600 });
}
