// An answer as JSON, for both servers of the agent.

import type { ServerResponse } from "node:http";

/** How long a refused body is read on and thrown away. */
const drainMs = 20_000;

/** Sends it. After a time-out the connection ends: what still trickles in on it belongs to the request that was given up. */
export function sendJson(reply: ServerResponse, status: number, value: unknown): void {
  const text = JSON.stringify(value);
  if (status === 408) reply.shouldKeepAlive = false;
  reply.writeHead(status, { "content-type": "application/json", "content-length": Buffer.byteLength(text) });
  if (reply.req.complete || reply.req.destroyed || status === 408) reply.end(text);
  else endAfterBody(reply, text);
}

/** A connection that closes with its answer would be reset under a caller who still sends, and the caller would not read it. */
function endAfterBody(reply: ServerResponse, text: string): void {
  const { req } = reply;
  const end = (): void => {
    clearTimeout(timer);
    reply.end();
  };
  const timer = setTimeout(end, drainMs).unref();
  reply.write(text);
  req.once("close", end).once("end", end).resume();
}
