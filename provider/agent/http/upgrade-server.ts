// Connections that stop being HTTP: a verb asked for with an upgrade keeps its stream once its handler has taken it. An
// upgrade that is refused gets the same error as any other request, and its connection ends.

import type { IncomingMessage, Server } from "node:http";
import type { Duplex } from "node:stream";
import { LeeaError } from "../../model/errors";
import { consoleProtocol, takeHeader } from "../../protocol/console";
import { matchVerb } from "../../protocol/match-verb";
import { toWireError } from "../../protocol/wire-error";
import { checkParams } from "./check-params";
import { statusOf } from "./status-of";

/** An upgrade that was asked for. What is written to `stream` must come after this turn: the 101 goes before it. */
export interface UpgradeRequest {
  readonly params: Readonly<Record<string, string>>;
  readonly take: boolean;
  readonly stream: Duplex;
}

/** Takes the stream, or throws why not. */
export type OpenConsole = (request: UpgradeRequest) => void;

/** Answers upgrades on the server. */
export function answerUpgrades(server: Server, open: OpenConsole): void {
  server.on("upgrade", (request, socket: Duplex, head: Buffer) => {
    socket.on("error", () => socket.destroy()); // the caller hung up
    try {
      const params = readRequest(request);
      if (head.length > 0) socket.unshift(head);
      open({ params, take: request.headers[takeHeader] === "yes", stream: socket });
      socket.write(`HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: ${consoleProtocol}\r\n\r\n`);
    } catch (error) {
      refuse(socket, error);
    }
  });
}

function readRequest(request: IncomingMessage): Readonly<Record<string, string>> {
  const matched = matchVerb(request.method ?? "", request.url ?? "", "control");
  if (matched?.verb !== "openConsole" || request.headers.upgrade !== consoleProtocol)
    throw new LeeaError({
      code: "PROTOCOL_INVALID",
      message: "there is nothing of that name to upgrade to",
      hint: "This is a defect in the caller.",
    });
  checkParams(matched.params);
  return matched.params;
}

function refuse(socket: Duplex, error: unknown): void {
  const wire = toWireError(error);
  const text = JSON.stringify({ error: wire });
  const head = `HTTP/1.1 ${statusOf(wire.code)} Refused\r\nContent-Type: application/json\r\nContent-Length: ${Buffer.byteLength(text)}\r\nConnection: close\r\n\r\n`;
  socket.end(`${head}${text}`);
}
