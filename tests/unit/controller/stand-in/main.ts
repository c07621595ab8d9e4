// A stand-in for the agent on a lab host: it answers health and identity, takes images, and runs one slow operation.
// Its version and whether it comes up are set when it is bundled, so that installing can be tested without a real agent.

import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { connectStdio } from "../../../../provider/agent/connect";

declare const STAND_IN: { version: string; healthy: boolean; minProtocol: number; movesRunning: number };

const socketPath = "/run/leea/agent.sock";
const bundleHash = createHash("sha256").update(readFileSync(__filename)).digest("hex");
const startedAtMs = Date.now();
const images = new Map<string, number>();
const watchers = new Set<ServerResponse>();
let ends = false;

function operation(state: string): object {
  return { operationId: "slow-operation", kind: "setup", state, progress: { phase: state }, startedAtMs };
}

function tell(reply: ServerResponse): void {
  reply.write(`data: ${JSON.stringify(operation(ends ? "succeeded" : "running"))}\n\n`);
  if (ends) reply.end();
}

async function answer(request: IncomingMessage, reply: ServerResponse): Promise<unknown> {
  const [path = "", hash = ""] = [request.url, request.url?.split("/").at(-1)];
  if (path === "/v1/health") {
    return {
      protocol: 1,
      minProtocol: STAND_IN.minProtocol,
      version: STAND_IN.version,
      bundleHash,
      pid: process.pid,
      uptimeMs: Date.now() - startedAtMs,
      rssBytes: process.memoryUsage.rss(),
      movesRunning: STAND_IN.movesRunning,
    };
  }
  if (path === "/v1/identity") return { nodeId: "stand-in-abcdefgh", fingerprint: "abcdefgh", publicKey: "" };
  if (path.startsWith("/v1/images/") && request.method === "GET") return { present: images.has(hash) };
  if (path.startsWith("/v1/images/")) {
    const sum = createHash("sha256");
    let sizeBytes = 0;
    for await (const chunk of request) {
      sum.update(chunk as Buffer);
      sizeBytes += (chunk as Buffer).length;
    }
    if (sum.digest("hex") !== hash) return { error: { code: "IMAGE_INVALID", message: "the sum differs" } };
    images.set(hash, sizeBytes);
    return { sizeBytes };
  }
  if (path.endsWith("/events")) {
    reply.writeHead(200, { "content-type": "text/event-stream" });
    tell(reply);
    if (!ends) watchers.add(reply);
    return undefined;
  }
  if (path.endsWith("/cancel")) {
    ends = true;
    for (const watcher of watchers) tell(watcher);
  }
  if (path.startsWith("/v1/operations/")) return operation(ends ? "succeeded" : "running");
  return { error: { code: "NOT_FOUND", message: `no ${path}` } };
}

function serve(): void {
  if (!STAND_IN.healthy) throw new Error("this stand-in was told to fail");
  mkdirSync("/run/leea", { recursive: true, mode: 0o700 });
  rmSync(socketPath, { force: true });
  writeFileSync("/run/leea/agent.pid", `${process.pid}\n`);
  const server = createServer((request, reply) => {
    void answer(request, reply).then((result) => {
      if (result === undefined) return;
      const failed = typeof result === "object" && result !== null && "error" in result;
      reply.writeHead(failed ? 404 : 200, { "content-type": "application/json" }).end(JSON.stringify(result));
    });
  });
  server.keepAliveTimeout = 0;
  server.listen(socketPath);
}

if (process.argv[2] === "connect") void connectStdio(socketPath);
else serve();
