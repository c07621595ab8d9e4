// A caller who still sends when it is refused hears why, also where the connection closes with the answer.

import { execFile } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import type { Server } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { startControlServer } from "../../../provider/agent/http/control-server";
import type { Log } from "../../../provider/agent/log";

const run = promisify(execFile);
const folder = mkdtempSync(join(tmpdir(), "leea-refused-"));
const socketPath = join(folder, "agent.sock");
let server: Server;

beforeAll(async () => {
  const log = { write: () => undefined } as unknown as Log;
  server = await startControlServer(
    socketPath,
    async () => ({}),
    log,
    () => undefined,
  );
});

afterAll(() => {
  server.close();
  rmSync(folder, { recursive: true });
});

// A process of its own, as callers are: in one process the answer is read before the next bytes are written.
const caller = `
const [socketPath, path, count, bodyBytes] = process.argv.slice(1);
const head = "POST " + path + " HTTP/1.1\\r\\nHost: agent\\r\\nConnection: close\\r\\nContent-Length: " + bodyBytes + "\\r\\n\\r\\n";
const bytes = Buffer.concat([Buffer.from(head), Buffer.alloc(Number(bodyBytes), " ")]);
const ask = () => new Promise((resolve) => {
  let text = "";
  const socket = require("node:net").connect(socketPath);
  socket.on("data", (chunk) => (text += chunk)).on("error", () => undefined).on("close", () => resolve(text));
  socket.write(bytes);
});
(async () => {
  for (let asked = 0; asked < Number(count); asked += 1) console.log(JSON.stringify(await ask()));
})();
`;

test.each([
  ["a body that is too large", "/v1/mesh/check", /^HTTP\/1\.1 413 [^]*BODY_TOO_LARGE/],
  ["a verb that does not exist", "/v1/no-such-verb", /^HTTP\/1\.1 404 [^]*NOT_FOUND/],
])("%s is answered to callers in the middle of 20 MB, each time", async (_, path, expected) => {
  const argv = ["-e", caller, socketPath, path, "40", String(20 * 1024 ** 2)];
  const { stdout } = await run(process.execPath, argv, { maxBuffer: 2 ** 24 });
  const answers = stdout
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as string);
  expect(answers).toHaveLength(40);
  expect(answers.filter((answer) => !expected.test(answer))).toEqual([]);
});
