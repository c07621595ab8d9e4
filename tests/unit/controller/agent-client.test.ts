// Verbs over a socket: answers, the agent's own errors, and answers that are none of ours.

import { Readable } from "node:stream";
import { type SocketAgent, serveOnSocket } from "./agent-on-socket";

let agent: SocketAgent;
let seen: { method: string | undefined; url: string | undefined; body: string }[] = [];

beforeAll(async () => {
  agent = await serveOnSocket((request, reply) => {
    let body = "";
    request.on("data", (chunk: Buffer) => (body += chunk.toString()));
    request.on("end", () => {
      seen.push({ method: request.method, url: request.url, body });
      if (request.url === "/v1/health") return reply.end('{"protocol":1}');
      if (request.url === "/v1/identity") return reply.socket?.destroy();
      if (request.url === "/v1/vms") return undefined; // never answers
      if (request.url === "/v1/operations/12345678") {
        reply.writeHead(200, { "content-length": "100" }).write('{"half":');
        return setImmediate(() => reply.socket?.destroy());
      }
      if (request.url === "/v1/node") return reply.writeHead(502).end("<html>");
      return reply
        .writeHead(409)
        .end('{"error":{"code":"CONFLICT","message":"taken","hint":"choose another","details":{"owner":"a/b/c"}}}');
    });
  });
});

beforeEach(() => {
  seen = [];
});

afterAll(() => agent.close());

test("a hundred calls one after another take one connection", async () => {
  for (let call = 0; call < 100; call += 1) expect(await agent.client.send("getHealth", {})).toEqual({ protocol: 1 });
  expect(agent.opened()).toBe(1);
});

test("parameters are encoded into the path and the body is JSON", async () => {
  await agent.client.send("deleteLink", { params: { peerId: "a/../b" }, body: undefined }).catch(() => undefined);
  await agent.client.send("setUpNode", { body: { operationId: "12345678" } }).catch(() => undefined);
  expect(seen).toEqual([
    { method: "DELETE", url: "/v1/links/a%2F..%2Fb", body: "" },
    { method: "POST", url: "/v1/node/setup", body: '{"operationId":"12345678"}' },
  ]);
});

test("a file is sent as it is, with its size", async () => {
  await agent.client
    .send("putImage", {
      params: { hash: "00" },
      stream: { source: Readable.from([Buffer.from("image")]), sizeBytes: 5 },
    })
    .catch(() => undefined);
  expect(seen).toEqual([{ method: "PUT", url: "/v1/images/00", body: "image" }]);
});

test("the agent's own error comes through with code, hint and details", async () => {
  await expect(agent.client.send("getVm", { params: { vmId: "x" } })).rejects.toMatchObject({
    code: "CONFLICT",
    message: "taken",
    hint: "choose another",
    details: { owner: "a/b/c" },
  });
});

test("an answer that is not the agent's is PROTOCOL_INVALID and names the host", async () => {
  await expect(agent.client.send("getNode", {})).rejects.toMatchObject({
    code: "PROTOCOL_INVALID",
    message: expect.stringContaining('"host"'),
  });
});

test("a connection that breaks off is AGENT_NOT_ANSWERING", async () => {
  await expect(agent.client.send("getIdentity", {})).rejects.toMatchObject({ code: "AGENT_NOT_ANSWERING" });
});

test("an answer that breaks off in its middle is AGENT_NOT_ANSWERING", async () => {
  const asked = agent.client.send("getOperation", { params: { operationId: "12345678" } });
  await expect(asked).rejects.toMatchObject({ code: "AGENT_NOT_ANSWERING" });
});

test("an agent that is silent is TIMED_OUT after its time", async () => {
  await expect(agent.client.send("listVms", { timeoutMs: 50 })).rejects.toMatchObject({ code: "TIMED_OUT" });
});
