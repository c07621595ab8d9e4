// Puts a drawn request on a connection as its bytes, and reads what comes back. It knows nothing of verbs.

import type { Duplex } from "node:stream";
import { setTimeout as delay } from "node:timers/promises";
import type { FuzzedRequest } from "./arbitrary-request";

/** What came back: nothing at all (the connection ended), or a status with the body's text, which is none for HEAD. */
export interface FuzzedAnswer {
  readonly status: number | undefined;
  readonly text: string;
  readonly hasBody: boolean;
}

const answerLimitMs = 15_000;

/** Sends it and gives the first answer; a caller that goes away gets none. An answer that never comes fails. */
export async function sendFuzzed(open: () => Duplex, request: FuzzedRequest): Promise<FuzzedAnswer> {
  const socket = open();
  socket.on("error", () => undefined); // the agent may end the connection while we write
  const chunks: Buffer[] = [];
  socket.on("data", (chunk: Buffer) => chunks.push(chunk));
  const ended = new Promise<void>((resolve) => socket.once("close", () => resolve()));
  const bytes = bytesOf(request);
  const sent = request.cutAt === undefined ? bytes : bytes.subarray(0, request.cutAt);
  let from = 0;
  for (const size of [...request.parts, sent.length]) {
    socket.write(sent.subarray(from, from + size));
    from += size;
    await delay(0);
  }
  // Half of the body, or none where one was announced: going away is all that is left.
  if (request.cutAt !== undefined || request.framing === "long") socket.end();
  const isLate = await Promise.race([ended.then(() => false), delay(answerLimitMs, true, { ref: false })]);
  socket.destroy();
  if (isLate)
    throw new Error(`no answer within ${answerLimitMs} ms to ${request.method} ${request.path.slice(0, 200)}`);
  const answer = parse(Buffer.concat(chunks).toString());
  return { ...answer, hasBody: request.method !== "HEAD" };
}

function bytesOf({ method, path, headers, body, framing }: FuzzedRequest): Buffer {
  const text = Buffer.from(body);
  const length = { length: text.length, short: Math.max(0, text.length - 3), long: text.length + 10, chunked: 0 }[
    framing
  ];
  const frame = framing === "chunked" ? "Transfer-Encoding: chunked" : `Content-Length: ${length}`;
  const head = [`${method} ${path} HTTP/1.1`, "Host: agent", "Connection: close", frame, ...headers].join("\r\n");
  const payload = framing === "chunked" ? chunksOf(text) : text;
  return Buffer.concat([Buffer.from(`${head}\r\n\r\n`), payload]);
}

function chunksOf(text: Buffer): Buffer {
  const parts: Buffer[] = [];
  for (let at = 0; at < text.length; at += 1_000) {
    const part = text.subarray(at, at + 1_000);
    parts.push(Buffer.from(`${part.length.toString(16)}\r\n`), part, Buffer.from("\r\n"));
  }
  return Buffer.concat([...parts, Buffer.from("0\r\n\r\n")]);
}

function parse(text: string): Omit<FuzzedAnswer, "hasBody"> {
  const final = text.replace(/^HTTP\/1\.1 100 Continue\r\n\r\n/, "");
  const status = /^HTTP\/1\.1 (\d{3}) /.exec(final)?.[1];
  const [head = "", ...rest] = final.split("\r\n\r\n");
  const body = rest.join("\r\n\r\n");
  const plain = /transfer-encoding: chunked/i.test(head)
    ? body.replaceAll(/^[0-9a-f]+\r\n|\r\n(?=[0-9a-f]+\r\n|$)/g, "")
    : body;
  return { status: status === undefined ? undefined : Number(status), text: plain };
}
