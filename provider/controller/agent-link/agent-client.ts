// Verbs as HTTP requests, and answers or the agent's own errors back. It knows no host and keeps no state.

import type { Duplex, Readable } from "node:stream";
import axios, { type AxiosInstance, type AxiosResponse } from "axios";
import { LeeaError } from "../../model/errors";
import { verbPath } from "../../protocol/match-verb";
import type { WireError } from "../../protocol/operation";
import { type VerbName, type VerbTypes, verbs } from "../../protocol/verbs";
import { fromWireError } from "../../protocol/wire-error";
import { type ConsoleWish, openConsoleChannel } from "../streams/console-channel";
import { exchangeJson } from "../streams/json-exchange";
import type { AgentTransport } from "./agent-transport";

/** What a request carries. `stream` is a raw body of `streamBytes`. */
export interface AgentRequest {
  readonly params?: Readonly<Record<string, string>> | undefined;
  readonly body?: unknown;
  readonly stream?: { readonly source: Readable; readonly sizeBytes: number };
  readonly timeoutMs?: number;
}

/** Sends verbs to one agent. */
export interface AgentClient {
  /** The verb's answer. AGENT_NOT_ANSWERING when no answer came, TIMED_OUT when it came too late, or the agent's error. */
  send<V extends VerbName>(verb: V, request: AgentRequest): Promise<VerbTypes[V]["answer"]>;
  /** The answer's body as it arrives, for server-sent events. */
  open(verb: VerbName, request: AgentRequest): Promise<Readable>;
  /** A VM's serial console, byte for byte. IN_USE while somebody else has it. */
  openConsole(wish: Omit<ConsoleWish, "label">): Promise<Duplex>;
}

/** How long an agent may think about a verb that is not an operation. */
const answerTimeoutMs = 60_000;
const answerLimitBytes = 64 * 1024 * 1024;

/** A client that sends over the transport. `label` names the host in messages. */
export function createAgentClient(transport: AgentTransport, label: string): AgentClient {
  const http = axios.create({
    baseURL: "http://agent",
    httpAgent: transport,
    proxy: false,
    maxRedirects: 0,
    decompress: false,
    maxContentLength: answerLimitBytes,
    maxBodyLength: Number.POSITIVE_INFINITY,
    validateStatus: null,
  });
  return {
    async send(verb, request) {
      const response = await exchange(http, { verb, request, label, responseType: "json" });
      if (response.status >= 400) throw readError(response.data, response.status, label, verb);
      return response.data as never;
    },
    async open(verb, request) {
      const response = await exchange(http, { verb, request, label, responseType: "stream" });
      const body = response.data as Readable;
      if (response.status >= 400) throw readError(await readJson(body), response.status, label, verb);
      return body;
    },
    async openConsole(wish) {
      const answer = await openConsoleChannel(transport, { ...wish, label });
      if (!("status" in answer)) return answer;
      throw readError(await readJson(answer.body), answer.status, label, "openConsole");
    },
  };
}

interface Exchange {
  readonly verb: VerbName;
  readonly request: AgentRequest;
  readonly label: string;
  readonly responseType: "json" | "stream";
}

async function exchange(
  http: AxiosInstance,
  { verb, request, label, responseType }: Exchange,
): Promise<AxiosResponse<unknown>> {
  const { stream, body } = request;
  const timeoutMs = request.timeoutMs ?? (stream === undefined ? answerTimeoutMs : 0);
  try {
    return await http.request<unknown>({
      method: verbs[verb].method,
      url: verbPath(verb, request.params),
      responseType,
      timeout: timeoutMs,
      ...(stream === undefined && responseType === "json" ? { adapter: exchangeJson } : {}),
      ...(body === undefined ? {} : { data: body }),
      ...(stream === undefined
        ? {}
        : {
            data: stream.source,
            headers: { "content-type": "application/octet-stream", "content-length": String(stream.sizeBytes) },
          }),
    });
  } catch (cause) {
    throw explainNoAnswer(cause, { label, verb, timeoutMs });
  }
}

function explainNoAnswer(cause: unknown, call: { label: string; verb: VerbName; timeoutMs: number }): LeeaError {
  let inner: unknown = cause;
  while (inner instanceof Error && !(inner instanceof LeeaError)) inner = inner.cause;
  if (inner instanceof LeeaError) return inner;
  const what = `Unable to get an answer from the agent on host "${call.label}" (${call.verb})`;
  if (axios.isAxiosError(cause) && cause.code === "ECONNABORTED") {
    return new LeeaError({
      code: "TIMED_OUT",
      message: `${what} within ${call.timeoutMs / 1000} s`,
      hint: "Look at /var/lib/leea/agent.log on the host.",
      cause,
    });
  }
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new LeeaError({
    code: "AGENT_NOT_ANSWERING",
    message: `${what}: ${reason}`,
    hint: "Look at /var/lib/leea/agent.log on the host.",
    cause,
  });
}

function readError(data: unknown, status: number, label: string, verb: VerbName): LeeaError {
  if (typeof data === "object" && data !== null && "error" in data && isWireError(data.error))
    return fromWireError(data.error);
  return new LeeaError({
    code: "PROTOCOL_INVALID",
    message: `Unable to read the answer of the agent on host "${label}" to ${verb}: status ${status} without an error of ours`,
    hint: "Another program may listen on the agent's socket; see which one with: ss -xlp | grep leea",
  });
}

function isWireError(value: unknown): value is WireError {
  return (
    typeof value === "object" &&
    value !== null &&
    "code" in value &&
    "message" in value &&
    typeof value.code === "string"
  );
}

async function readJson(body: Readable): Promise<unknown> {
  let text = "";
  for await (const chunk of body) text += String(chunk);
  try {
    return JSON.parse(text);
  } catch {
    return undefined; // the caller reports the status; the text is not ours
  }
}
