// What an agent said of itself counts as long as the process that said it: here a server that ends while its client's channel
// stays half open, which is what sshd leaves of a dead agent.

import { mkdtempSync, rmSync } from "node:fs";
import { createServer, type Server } from "node:http";
import { createConnection } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createAgentClient } from "../../../provider/controller/agent-link/agent-client";
import { AgentTransport } from "../../../provider/controller/agent-link/agent-transport";
import { KnownAgent } from "../../../provider/controller/agent-link/known-agent";
import { waitFor } from "../../e2e/world/wait-for";

const folder = mkdtempSync(join(tmpdir(), "leea-known-"));
const path = join(folder, "agent.sock");
let server: Server;

const transport = new AgentTransport(() =>
  Promise.resolve(createConnection({ path, allowHalfOpen: true }).on("error", () => undefined)),
);
const client = createAgentClient(transport, "host");
const agent = new KnownAgent(transport);

async function start(nodeId: string): Promise<void> {
  rmSync(path, { force: true });
  server = createServer((request, reply) => {
    const answer = request.url?.includes("identity") === true ? { nodeId } : { version: nodeId };
    reply.setHeader("content-type", "application/json");
    reply.end(JSON.stringify(answer));
  });
  await new Promise<void>((resolve) => server.listen(path, resolve));
}

async function stop(): Promise<void> {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
}

const learnHealth = () => agent.learnHealth(() => client.send("getHealth", {}));
const learnNodeId = () => agent.learnNodeId(async () => (await client.send("getIdentity", {})).nodeId);

beforeEach(() => start("first"));
afterEach(async () => {
  transport.destroy();
  await stop();
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

test("health and node stand until the process that told them ends, and the next one is asked", async () => {
  expect(agent.health).toBeUndefined();
  await learnHealth();
  await learnNodeId();
  expect([agent.health?.version, agent.nodeId]).toEqual(["first", "first"]);
  await stop();
  await waitFor("the end to be seen", () => agent.health === undefined, 5_000);
  expect(agent.nodeId).toBeUndefined();
  await start("second");
  await learnHealth();
  expect([agent.health?.version, agent.nodeId]).toEqual(["second", undefined]);
});

test("who has ended the agent says so at once", async () => {
  await learnHealth();
  agent.forget();
  expect(agent.health).toBeUndefined();
});

test("a node's id is kept beside the health of the same process only", async () => {
  await learnNodeId();
  expect(agent.nodeId).toBeUndefined();
});
