// Sends a verb to another agent. A connection that died idle is replaced without a word: every peer verb may be sent twice.
// It never sends anything before the other side has proven its key.

import { type IncomingMessage, type RequestOptions, request as sendRequest } from "node:http";
import { LeeaError } from "../../model/errors";
import { verbPath } from "../../protocol/match-verb";
import type { NodeDescriptor } from "../../protocol/node";
import type { WireError } from "../../protocol/operation";
import { protocolHeader, readProtocol } from "../../protocol/skew/words-for";
import { type VerbName, type VerbTypes, verbs } from "../../protocol/verbs";
import { protocolVersion } from "../../protocol/version";
import { fromWireError } from "../../protocol/wire-error";
import type { AgentContext } from "../agent-context";
import { olderBody } from "./older-body";
import { noteProtocol } from "./peer-protocols";
import { pinnedConnections } from "./pinned-connections";

/** Verbs between agents. */
export type PeerVerb = { [V in VerbName]: (typeof verbs)[V]["side"] extends "peer" ? V : never }[VerbName];

/** What goes along. `timeoutMs` bounds the whole call (default 10 s). */
export interface PeerCall<V extends PeerVerb> {
  readonly params: Readonly<Record<string, string>>;
  readonly body: VerbTypes[V]["body"];
  readonly timeoutMs?: number;
}

/** Sends a verb to another agent and gives its answer. */
export type AskPeer = <V extends PeerVerb>(
  peer: NodeDescriptor,
  verb: V,
  call: PeerCall<V>,
) => Promise<VerbTypes[V]["answer"]>;

const answerLimitBytes = 1024 * 1024;

/**
 * The peer's answer. Errors: HOST_UNREACHABLE (no connection, or it broke: the verb may have been carried out or not),
 * TIMED_OUT, IDENTITY_CHANGED (another key at the address), PROTOCOL_INVALID, and every error that the peer answers.
 */
export async function callPeer<V extends PeerVerb>(
  ctx: AgentContext,
  peer: NodeDescriptor,
  verb: V,
  call: PeerCall<V>,
): Promise<VerbTypes[V]["answer"]> {
  const agent = await pinnedConnections(ctx, peer);
  const body = olderBody(ctx, peer, verb, call.body);
  const text = body === undefined ? "" : JSON.stringify(body);
  const signal = AbortSignal.timeout(call.timeoutMs ?? 10_000);
  const headers = {
    "content-type": "application/json",
    "content-length": Buffer.byteLength(text),
    [protocolHeader]: String(protocolVersion),
  };
  const options = { agent, method: verbs[verb].method, path: verbPath(verb, call.params), headers, signal };
  try {
    const reply = await send(options, text);
    noteProtocol(ctx, peer, reply.protocol);
    return parseAnswer(peer, reply.status, reply.text) as VerbTypes[V]["answer"];
  } catch (cause) {
    throw callError(peer, verb, signal, cause);
  }
}

interface Reply {
  readonly status: number;
  readonly text: string;
  readonly protocol: number;
}

function send(options: RequestOptions, text: string): Promise<Reply> {
  return new Promise((resolve, reject) => {
    const request = sendRequest(options, (response) => {
      const [status, protocol] = [response.statusCode ?? 0, readProtocol(response.headers[protocolHeader])];
      readAnswer(response).then((body) => resolve({ status, protocol, text: body }), reject);
    });
    request.on("error", (error: NodeJS.ErrnoException) => {
      // A fresh connection is never stale, so this ends with the last one that was kept open.
      const isStale = request.reusedSocket && (error.code === "ECONNRESET" || error.code === "EPIPE");
      if (isStale) send(options, text).then(resolve, reject);
      else reject(error);
    });
    request.end(text);
  });
}

async function readAnswer(response: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let sizeBytes = 0;
  for await (const chunk of response as AsyncIterable<Buffer>) {
    sizeBytes += chunk.length;
    if (sizeBytes > answerLimitBytes) throw new Error(`the answer is larger than ${answerLimitBytes} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString();
}

function parseAnswer(peer: NodeDescriptor, status: number, text: string): unknown {
  const value = parseJson(text);
  if (status === 200 && value !== undefined) return value;
  const wire = (value as { error?: Partial<WireError> } | null | undefined)?.error;
  if (typeof wire?.code === "string" && typeof wire.message === "string") throw fromWireError(wire as WireError);
  throw new LeeaError({
    code: "PROTOCOL_INVALID",
    message: `The agent of "${peer.nodeId}" answered ${status} with something that is no answer`,
    hint: "The agents differ in version: run an update of both MeshNodes.",
  });
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // The caller says what it means that an answer is not JSON.
    return undefined;
  }
}

function callError(peer: NodeDescriptor, verb: PeerVerb, signal: AbortSignal, cause: unknown): LeeaError {
  if (cause instanceof LeeaError) return cause;
  const what = `Unable to call "${verb}" on host "${peer.name}" (${peer.meshAddress})`;
  if (signal.aborted) {
    return new LeeaError({
      code: "TIMED_OUT",
      message: `${what}: no answer in time`,
      hint: "See whether the host is up and linked.",
      cause,
    });
  }
  return new LeeaError({
    code: "HOST_UNREACHABLE",
    message: `${what}: ${cause instanceof Error ? cause.message : String(cause)}`,
    hint: "See whether the host is up, its agent runs, and the mesh reaches it.",
    cause,
  });
}
