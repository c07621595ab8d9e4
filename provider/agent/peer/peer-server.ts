// The agent's door for other agents: HTTPS on the node's mesh address, TLS 1.3, both sides with a certificate. It establishes who calls
// and leaves it to `dispatch` whether that one may; a caller without a key gets nothing at all.

import type { IncomingMessage, ServerResponse } from "node:http";
import { createServer, type Server } from "node:https";
import type { TLSSocket } from "node:tls";
import { LeeaError } from "../../model/errors";
import { matchVerb } from "../../protocol/match-verb";
import { peerPort } from "../../protocol/peer";
import { protocolHeader, readProtocol } from "../../protocol/skew/words-for";
import type { VerbName } from "../../protocol/verbs";
import { protocolVersion } from "../../protocol/version";
import { toWireError } from "../../protocol/wire-error";
import type { AgentContext } from "../agent-context";
import { checkBody } from "../http/check-body";
import { checkParams } from "../http/check-params";
import { readJsonBody } from "../http/read-json-body";
import { sendJson } from "../http/send-json";
import { statusOf } from "../http/status-of";
import { requireMeshState } from "../mesh/mesh-state";
import { peerFingerprint, readPeerCertificate } from "./peer-certificate";

/** One call of another agent. `callerFingerprint` is proven; what it may do is not decided yet. */
export interface PeerRequest {
  readonly verb: VerbName;
  readonly params: Readonly<Record<string, string>>;
  readonly body: unknown;
  readonly callerFingerprint: string;
}

/** Decides and acts. It throws PEER_REFUSED for a caller that may not. What it gives is answered as JSON. */
export type PeerDispatch = (request: PeerRequest) => Promise<unknown>;

/** The running server. `close` ends open connections too. */
export interface PeerServer {
  readonly address: string;
  readonly port: number;
  close(): Promise<void>;
}

/** Listens on the node's mesh address. Errors: NOT_ALLOWED_NOW (in no mesh), NETWORK_CONFLICT (the port is taken). */
export async function startPeerServer(ctx: AgentContext, dispatch: PeerDispatch): Promise<PeerServer> {
  const { meshAddress: address } = await requireMeshState(ctx);
  const certificate = await readPeerCertificate(ctx);
  // Certificates are judged by their key, after the handshake has proven it; no authority vouches for any.
  const tls = { ...certificate, minVersion: "TLSv1.3", requestCert: true, rejectUnauthorized: false } as const;
  const server = createServer({ ...tls, handshakeTimeout: 10_000 }, (request, reply) => {
    void answerPeer(ctx, dispatch, request, reply);
  });
  server.on("secureConnection", (socket) => socket.setNoDelay(true));
  server.on("tlsClientError", (error) => ctx.log.write("debug", "peer-handshake-failed", { message: error.message }));
  server.maxConnections = 256;
  server.headersTimeout = 10_000;
  server.requestTimeout = 30_000;
  server.keepAliveTimeout = 120_000; // a move's grant must find its connection open
  await listen(server, address);
  return { address, port: peerPort, close: () => closeServer(server) };
}

async function answerPeer(
  ctx: AgentContext,
  dispatch: PeerDispatch,
  request: IncomingMessage,
  reply: ServerResponse,
): Promise<void> {
  try {
    const callerFingerprint = peerFingerprint(request.socket as TLSSocket);
    if (callerFingerprint === undefined) throw refusedCaller();
    const matched = matchVerb(request.method ?? "", request.url ?? "", "peer");
    if (matched === undefined) throw unknownVerb();
    checkParams(matched.params);
    reply.setHeader(protocolHeader, String(protocolVersion));
    const isNewer = readProtocol(request.headers[protocolHeader]) > protocolVersion;
    const body = await readJsonBody(request);
    checkBody(matched.verb, body, isNewer ? "drop-unknown" : "refuse-unknown");
    sendJson(reply, 200, (await dispatch({ ...matched, body, callerFingerprint })) ?? {});
  } catch (error) {
    const wire = toWireError(error);
    const level = wire.code === "INTERNAL" ? "error" : "warn";
    ctx.log.write(level, "peer-request-failed", { method: request.method, url: request.url, error: wire });
    if (reply.headersSent) reply.destroy();
    else sendJson(reply, statusOf(wire.code), { error: wire });
  }
}

function refusedCaller(): LeeaError {
  return new LeeaError({
    code: "PEER_REFUSED",
    message: "the caller showed no certificate",
    hint: "Only leea's agents speak to this port.",
  });
}

function unknownVerb(): LeeaError {
  return new LeeaError({
    code: "NOT_FOUND",
    message: "the agent has no such verb",
    hint: "The agents differ in version: run an update of both MeshNodes.",
  });
}

function listen(server: Server, address: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", (cause: NodeJS.ErrnoException) => reject(listenError(address, cause)));
    server.listen(peerPort, address, () => resolve());
  });
}

function listenError(address: string, cause: NodeJS.ErrnoException): LeeaError {
  return new LeeaError({
    code: "NETWORK_CONFLICT",
    message: `Unable to listen on ${address}:${peerPort}: ${cause.code ?? cause.message}`,
    hint: `\`ss -ltnp sport = ${peerPort}\` on the host names what holds the port; let it listen elsewhere.`,
    cause,
  });
}

function closeServer(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
