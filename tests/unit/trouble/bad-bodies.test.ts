// Bad input 29 of the table in tests/unit/trouble/bad-inputs-by-number.md: bodies that are too large, too slow, too deep or
// no JSON, sent to the agent's real control server over a real socket. Each is answered with its status and code, no
// handler hears of it, and the agent goes on answering.

import { mkdtempSync, rmSync } from "node:fs";
import { createServer, type Server, request as sendRequest } from "node:http";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startControlServer } from "../../../provider/agent/http/control-server";
import { measureDepth } from "../../../provider/agent/http/measure-depth";
import { readJsonBody } from "../../../provider/agent/http/read-json-body";
import { silentLog } from "../../../provider/agent/log";
import { isLeeaError } from "../../../provider/model/errors";

interface Answer {
  readonly status: number | undefined;
  readonly body: { readonly error?: { readonly code: string; readonly message: string } };
}

const folder = mkdtempSync(join(tmpdir(), "leea-bodies-"));
const socketPath = join(folder, "agent.sock");
let server: Server;
let heard: string[];

beforeAll(async () => {
  const handler = async ({ verb }: { verb: string }) => (heard.push(verb), {});
  server = await startControlServer(socketPath, handler, silentLog, () => undefined);
});
beforeEach(() => {
  heard = [];
});
afterAll(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  rmSync(folder, { recursive: true });
});

function ask(method: string, path: string, body: string | Buffer = ""): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const request = sendRequest({ socketPath, method, path, headers: { "content-length": body.length } }, (reply) => {
      let text = "";
      reply.on("data", (chunk) => (text += String(chunk)));
      reply.on("end", () => resolve({ status: reply.statusCode, body: JSON.parse(text) as Answer["body"] }));
    });
    request.on("error", reject);
    request.end(body);
  });
}

/** Writes bytes as they are and gives all that comes back until the connection ends. */
function sendRaw(path: string, parts: readonly (string | Buffer)[], pauseMs: number): Promise<string> {
  return new Promise((resolve) => {
    const socket = connect(path);
    let text = "";
    socket.on("data", (chunk) => (text += String(chunk)));
    socket.on("error", () => undefined); // the server may end the connection while we write
    socket.on("close", () => resolve(text));
    const left = [...parts];
    const next = (): void => {
      const part = left.shift();
      if (part === undefined || socket.destroyed) return;
      socket.write(part);
      setTimeout(next, pauseMs);
    };
    next();
  });
}

const verb = "/v1/mesh/check";

test("#29 a body of 50 MB is answered 413 by its announced length, and the next request is answered", async () => {
  const answer = await ask("POST", verb, Buffer.alloc(50 * 1024 ** 2, 32));
  expect(answer).toMatchObject({ status: 413, body: { error: { code: "BODY_TOO_LARGE" } } });
  expect((await ask("GET", "/v1/health")).status).toBe(200);
  expect(heard).toEqual(["getHealth"]);
});

test("#29 a body of 50 MB without an announced length is answered 413 while it arrives", async () => {
  const head = `POST ${verb} HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n`;
  const part = Buffer.concat([Buffer.from("100000\r\n"), Buffer.alloc(0x100000, 32), Buffer.from("\r\n")]);
  const said = await sendRaw(socketPath, [head, ...Array.from({ length: 50 }, () => part), "0\r\n\r\n"], 0);
  expect(said).toMatch(/^HTTP\/1\.1 413 [^]*BODY_TOO_LARGE/);
  expect(heard).toEqual([]);
});

test.each([
  ["arrays", "[".repeat(100_000)],
  ["objects", '{"a":'.repeat(100_000)],
  ["an array that is whole", `${"[".repeat(5_000)}${"]".repeat(5_000)}`],
])("#29 deep nesting of %s is answered 400", async (_what, body) => {
  expect(await ask("POST", verb, body)).toMatchObject({ status: 400, body: { error: { code: "PROTOCOL_INVALID" } } });
  expect(heard).toEqual([]);
});

test("#29 brackets in strings do not count as depth", () => {
  expect(measureDepth(Buffer.from(JSON.stringify({ a: `[[[["\\{{{{`, b: [[1]] })))).toBe(3);
  expect(measureDepth(Buffer.from('"'))).toBe(0);
});

test.each(["{", "nul", "{}{}", '{"a":1,}', "\u0000", "\ufeff{}", "NaN", "undefined"])(
  "#29 the body %j, which is no JSON, is answered 400",
  async (body) => {
    expect(await ask("POST", verb, Buffer.from(body))).toMatchObject({
      status: 400,
      body: { error: { code: "PROTOCOL_INVALID", message: "the body is not JSON" } },
    });
    expect(heard).toEqual([]);
  },
);

test("#29 unknown fields are answered 422, all at once, each by its path", async () => {
  const body = { nodeRange: "10.0.0.0/16", vmRange: "10.1.0.0/16", portBase: 1, portCount: 1, sudo: true, root: 1 };
  const answer = await ask("POST", verb, JSON.stringify(body));
  expect(answer).toMatchObject({ status: 422, body: { error: { code: "INPUT_INVALID" } } });
  expect(answer.body.error?.message).toMatch(/sudo: [^]*root: /);
  expect(heard).toEqual([]);
});

test("#29 a body that trickles is answered 408 at its deadline and the connection ends", async () => {
  const path = join(folder, "slow.sock");
  const codes: unknown[] = [];
  const slow = createServer((request, reply) => {
    readJsonBody(request, 150).catch((error: unknown) => {
      codes.push(isLeeaError(error) ? error.code : error);
      reply.writeHead(408, { connection: "close" }).end();
    });
  });
  await new Promise<void>((resolve) => slow.listen(path, resolve));
  const head = `POST ${verb} HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\n`;
  const said = await sendRaw(path, [head, ...Array.from({ length: 1000 }, () => "{")], 20);
  expect(said).toMatch(/^HTTP\/1\.1 408 /);
  expect(codes).toEqual(["TIMED_OUT"]);
  slow.close();
});

test("#29 a body that breaks off reaches no handler, and the agent goes on", async () => {
  await new Promise<void>((resolve) => {
    const socket = connect(socketPath);
    socket.on("error", () => undefined);
    socket.write(`POST ${verb} HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\n{"nodeRange"`, () =>
      socket.destroy(),
    );
    socket.on("close", () => resolve());
  });
  expect((await ask("GET", "/v1/health")).status).toBe(200);
  expect(heard).toEqual(["getHealth"]);
});
