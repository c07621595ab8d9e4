// Follows an operation as server-sent events (WHATWG HTML, section 9.2): one `data:` line an Operation, until it ends.

import type { ServerResponse } from "node:http";
import type { Operation } from "../../protocol/operation";
import type { Agent } from "../agent";

const keepAliveMs = 10_000;

/** Writes the current state at once, each change, and ends with the end. Error: NOT_FOUND. */
export function streamOperation(agent: Agent, operationId: string, reply: ServerResponse): void {
  const first = agent.operations.get(operationId);
  reply.writeHead(200, { "content-type": "text/event-stream", "cache-control": "no-store" });
  const timer = setInterval(() => reply.write(": still here\n\n"), keepAliveMs);
  const write = (operation: Operation): void => {
    reply.write(`data: ${JSON.stringify(operation)}\n\n`);
    if (operation.state !== "running") end();
  };
  const stop = agent.operations.watch(operationId, write);
  const end = (): void => {
    stop();
    clearInterval(timer);
    reply.end();
  };
  reply.on("close", end);
  write(first);
}
