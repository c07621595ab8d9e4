// The QMP monitors of one fake QEMU (QEMU docs/interop/qmp-spec): greeting, commands with their answers, events to
// everyone. What a command does is its owner's.

import { mkdirSync, rmSync } from "node:fs";
import { createServer, type Server, type Socket } from "node:net";
import { dirname } from "node:path";

type Execute = (command: string, args: unknown, isOutOfBand: boolean) => unknown;

/** What `execute` gives where QEMU is stuck and says nothing. */
export const noAnswer = Symbol("no answer");

const greeting = { QMP: { version: { qemu: { major: 10, minor: 0, micro: 2 } }, capabilities: ["oob"] } };

/** What a line becomes on its way to the client: bytes as they are, in order; the word "end" closes the connection. */
export type Rewrite = (line: string) => readonly string[];

/** Listens on every path until it is closed. An error that `execute` throws is QEMU's GenericError. */
export class FakeMonitor {
  private readonly servers: Server[];
  private readonly sockets = new Set<Socket>();
  private readonly execute: Execute;
  /** Set by a test: a QEMU that speaks otherwise than it should. */
  rewrite: Rewrite = (line) => [line];

  constructor(paths: readonly string[], execute: Execute) {
    this.execute = execute;
    this.servers = paths.map((path) => {
      mkdirSync(dirname(path), { recursive: true });
      rmSync(path, { force: true });
      const server = createServer((socket) => this.serve(socket));
      return server.listen(path).unref();
    });
  }

  /** Sends an event to every client. */
  tell(event: unknown): void {
    for (const socket of this.sockets) this.send(socket, event);
  }

  /** The process is gone: so are its sockets. What was written before still arrives. */
  close(): void {
    for (const socket of this.sockets) socket.end(() => socket.destroy());
    for (const server of this.servers) server.close();
  }

  private serve(socket: Socket): void {
    this.sockets.add(socket);
    socket.unref();
    socket.on("close", () => this.sockets.delete(socket));
    socket.on("error", () => undefined); // the client was killed
    this.send(socket, greeting);
    let text = "";
    socket.on("data", (chunk) => {
      const lines = (text + chunk.toString()).split("\n");
      text = lines.pop() ?? "";
      for (const line of lines.filter((each) => each.trim() !== "")) this.answer(socket, line);
    });
  }

  private answer(socket: Socket, line: string): void {
    const request = JSON.parse(line) as Readonly<Record<string, unknown>>;
    const { id, arguments: args = {} } = request;
    try {
      const result = this.execute(String(request["execute"] ?? request["exec-oob"]), args, "exec-oob" in request);
      if (result === noAnswer) return;
      this.send(socket, { return: result ?? {}, id });
    } catch (error) {
      if (!(error instanceof Error)) throw error;
      this.send(socket, { error: { class: "GenericError", desc: error.message }, id });
    }
  }

  private send(socket: Socket, message: unknown): void {
    for (const part of this.rewrite(`${JSON.stringify(message)}\r\n`)) {
      if (socket.destroyed || !socket.writable) return;
      if (part === "end") socket.end(() => socket.destroy());
      else socket.write(part);
    }
  }
}
