// An HTTP server on a unix socket in place of an agent, and a client that reaches it as it reaches an agent.

import { mkdtempSync, rmSync } from "node:fs";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { createConnection } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type AgentClient, createAgentClient } from "../../../provider/controller/agent-link/agent-client";
import { AgentTransport } from "../../../provider/controller/agent-link/agent-transport";

/** A server with its client. `opened` counts connections. */
export interface SocketAgent {
  readonly client: AgentClient;
  readonly opened: () => number;
  readonly close: () => Promise<void>;
}

/** Serves with `answer` until closed. */
export async function serveOnSocket(
  answer: (request: IncomingMessage, reply: ServerResponse) => void,
): Promise<SocketAgent> {
  const folder = mkdtempSync(join(tmpdir(), "leea-agent-"));
  const path = join(folder, "agent.sock");
  const server = createServer({ keepAliveTimeout: 0 }, answer);
  let opened = 0;
  server.on("connection", () => (opened += 1));
  await new Promise<void>((resolve) => server.listen(path, resolve));
  const transport = new AgentTransport(() => Promise.resolve(createConnection(path)));
  return {
    client: createAgentClient(transport, "host"),
    opened: () => opened,
    close: async () => {
      transport.destroy();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      rmSync(folder, { recursive: true });
    },
  };
}
