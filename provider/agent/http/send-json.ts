// An answer as JSON, for both servers of the agent.

import type { ServerResponse } from "node:http";

/** Sends it. After a time-out the connection ends: what still trickles in on it belongs to the request that was given up. */
export function sendJson(reply: ServerResponse, status: number, value: unknown): void {
  const text = JSON.stringify(value);
  if (status === 408) reply.shouldKeepAlive = false;
  reply.writeHead(status, { "content-type": "application/json", "content-length": Buffer.byteLength(text) });
  reply.end(text);
}
