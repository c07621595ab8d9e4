// The agent's control surface: HTTP/1.1 and JSON on a unix socket that only root can open. It reads, matches, checks
// sizes and deadlines, and leaves every decision to the handlers.

import { chmodSync, rmSync } from "node:fs";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { LeeaError } from "../../model/errors";
import { matchVerb } from "../../protocol/match-verb";
import type { VerbName } from "../../protocol/verbs";
import { toWireError } from "../../protocol/wire-error";
import type { Log } from "../log";
import { checkBody } from "./check-body";
import { checkParams } from "./check-params";
import { readJsonBody } from "./read-json-body";
import { sendJson } from "./send-json";
import { statusOf } from "./status-of";
import { answerUpgrades, type OpenConsole } from "./upgrade-server";

/** One request as a handler sees it. `stream` is the raw body, for verbs that carry a file; `reply` for those that stream. */
export interface ControlRequest {
  readonly verb: VerbName;
  readonly params: Readonly<Record<string, string>>;
  readonly body: unknown;
  readonly stream: IncomingMessage;
  readonly reply: ServerResponse;
}

/** Answers a request with JSON; `undefined` says that it has written to `reply` itself. */
export type ControlHandler = (request: ControlRequest) => Promise<unknown>;

const rawBodyVerbs: ReadonlySet<VerbName> = new Set(["putImage"]);
/** A file may take as long as it takes; one of which nothing arrives any more is given up. */
const uploadSilenceMs = 120_000;

/** Listens on the socket until closed. A stale socket file is replaced; the caller has made sure that no agent lives. */
export function startControlServer(
  socketPath: string,
  handler: ControlHandler,
  log: Log,
  openConsole: OpenConsole,
): Promise<Server> {
  const server = createServer((request, reply) => {
    void answer(request, reply, handler, log);
  });
  answerUpgrades(server, openConsole);
  server.keepAliveTimeout = 0; // the SSH connection ends idle channels; ours must not close one under a request
  server.headersTimeout = 20_000;
  server.requestTimeout = 0; // image uploads take as long as they take; JSON bodies have a deadline of their own
  rmSync(socketPath, { force: true });
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(socketPath, () => {
      chmodSync(socketPath, 0o600);
      resolve(server);
    });
  });
}

async function answer(
  request: IncomingMessage,
  reply: ServerResponse,
  handler: ControlHandler,
  log: Log,
): Promise<void> {
  try {
    const matched = matchVerb(request.method ?? "", request.url ?? "", "control");
    if (matched === undefined)
      throw new LeeaError({
        code: "NOT_FOUND",
        message: "the agent has no such verb",
        hint: "Provider and agent differ in version: run an update of the MeshNode.",
      });
    checkParams(matched.params);
    const isRaw = rawBodyVerbs.has(matched.verb);
    if (isRaw) endSilentUpload(request);
    const body = isRaw ? undefined : await readJsonBody(request);
    checkBody(matched.verb, body);
    const result = await handler({ ...matched, body, stream: request, reply });
    if (result !== undefined) sendJson(reply, 200, result);
  } catch (error) {
    const wire = toWireError(error);
    if (wire.code === "INTERNAL")
      log.write("error", "request-failed", {
        method: request.method,
        url: request.url,
        error: wire,
        stack: error instanceof Error ? error.stack : undefined,
      });
    if (reply.headersSent) reply.destroy();
    else sendJson(reply, statusOf(wire.code), { error: wire });
  }
}

function endSilentUpload(request: IncomingMessage): void {
  const { socket } = request;
  const end = (): void =>
    void request.destroy(
      new LeeaError({
        code: "TIMED_OUT",
        message: "the file stopped arriving",
        hint: "Send it again: nothing was kept.",
      }),
    );
  socket.setTimeout(uploadSilenceMs).once("timeout", end);
  request.once("close", () => socket.setTimeout(0).off("timeout", end));
}
