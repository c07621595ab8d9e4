// The monitor client against a monitor of our own making: what real QEMU does only under a fault, done on demand.

import { mkdtempSync, rmSync } from "node:fs";
import { createServer, type Server, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { connectQmp, type QmpClient } from "../../../provider/agent/qmp/qmp-client";

interface Request {
  readonly id: number;
  readonly execute?: string;
  readonly "exec-oob"?: string;
  readonly arguments: unknown;
}

const greeting = { QMP: { version: {}, capabilities: ["oob"] } };
const stamp = { seconds: 1_700_000_000, microseconds: 123_456 };

let folder: string;
let path: string;
let server: Server;
let socket: Socket | undefined;
let requests: Request[];
let client: QmpClient | undefined;
let answer: (request: Request) => void;

const send = (message: unknown): void => void socket?.write(`${JSON.stringify(message)}\r\n`);

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "leea-qmp-"));
  path = join(folder, "qmp.sock");
  requests = [];
  answer = ({ id }) => send({ return: {}, id });
  server = createServer((accepted) => {
    socket = accepted;
    accepted.on("error", () => undefined);
    accepted.on("data", (chunk) => {
      for (const line of chunk.toString().trim().split("\n")) {
        const request = JSON.parse(line) as Request;
        requests.push(request);
        answer(request);
      }
    });
    send(greeting);
  });
  await new Promise<void>((resolve) => server.listen(path, resolve));
});

afterEach(async () => {
  client?.close();
  client = undefined;
  socket?.destroy();
  await new Promise((resolve) => server.close(resolve));
  rmSync(folder, { recursive: true, force: true });
});

async function open(oob = false): Promise<QmpClient> {
  client = await connectQmp(path, { timeoutMs: 2_000, oob });
  return client;
}

test("capabilities are negotiated before the first command, out of band only where it is asked for", async () => {
  await open();
  expect(requests[0]).toMatchObject({ execute: "qmp_capabilities", arguments: {} });
  client?.close();
  await open(true);
  expect(requests[1]).toMatchObject({ execute: "qmp_capabilities", arguments: { enable: ["oob"] } });
});

test("answers find their calls whatever their order", async () => {
  const qmp = await open();
  const held: Request[] = [];
  answer = (request) => held.push(request);
  const [status, uuid] = [qmp.execute("query-status"), qmp.execute("query-uuid")];
  while (held.length < 2) await new Promise(setImmediate);
  const answers = { "query-status": { status: "running", running: true }, "query-uuid": { UUID: "some" } };
  for (const { id, execute } of held.toReversed()) send({ return: answers[execute as keyof typeof answers], id });
  expect(await status).toEqual(answers["query-status"]);
  expect(await uuid).toEqual(answers["query-uuid"]);
});

test("a refusal carries QEMU's class and words, and none of the arguments", async () => {
  const qmp = await open();
  answer = ({ id }) => send({ error: { class: "GenericError", desc: "no such thing" }, id });
  const problem = await qmp.execute("object-del", { id: "a-secret" }).catch((error: unknown) => error);
  expect(problem).toMatchObject({
    code: "QMP_COMMAND_FAILED",
    details: { command: "object-del", class: "GenericError", desc: "no such thing" },
  });
  expect(JSON.stringify(problem) + String(problem)).not.toContain("a-secret");
});

test("a call that is not answered ends at its deadline, and its late answer disturbs nobody", async () => {
  const qmp = await open();
  let late: Request | undefined;
  answer = (request) => (late = request);
  await expect(qmp.execute("query-status", {}, { timeoutMs: 30 })).rejects.toMatchObject({ code: "TIMED_OUT" });
  send({ return: { late: true }, id: late?.id });
  answer = ({ id }) => send({ return: { UUID: "u" }, id });
  expect(await qmp.execute("query-uuid")).toEqual({ UUID: "u" });
});

test("events are counted from the cursor on: one that came before a command is not taken for its own", async () => {
  const qmp = await open();
  answer = ({ id }) => {
    send({ return: {}, id });
    send({ event: "MIGRATION", data: { status: "completed" }, timestamp: stamp });
  };
  send({ event: "MIGRATION", data: { status: "failed" }, timestamp: stamp });
  await qmp.waitEvent((event) => event.event === "MIGRATION", { timeoutMs: 1_000, since: 0 });
  const since = qmp.cursor();
  await qmp.execute("migrate-continue", { state: "pre-switchover" });
  const event = await qmp.waitEvent((candidate) => candidate.event === "MIGRATION", { timeoutMs: 1_000, since });
  expect(event).toMatchObject({ data: { status: "completed" }, qemuTimestampMicroseconds: 1_700_000_000_123_456 });
  expect(event.atMs).toBeLessThanOrEqual(performance.now());
});

test("an event that came while nobody waited is found by its cursor", async () => {
  const qmp = await open();
  const since = qmp.cursor();
  const seen: string[] = [];
  qmp.onEvent(({ event }) => seen.push(event));
  for (const event of ["STOP", "AN_EVENT_OF_A_LATER_QEMU", "RESUME"]) send({ event, timestamp: stamp });
  while (seen.length < 2) await new Promise(setImmediate);
  expect(seen).toEqual(["STOP", "RESUME"]);
  expect((await qmp.waitEvent((event) => event.event === "STOP", { timeoutMs: 1, since })).event).toBe("STOP");
});

test("a wait for an event that does not come ends at its deadline", async () => {
  const qmp = await open();
  await expect(qmp.waitEvent(() => true, { timeoutMs: 20 })).rejects.toMatchObject({ code: "TIMED_OUT" });
});

test("a burst beyond what is kept loses no event silently", async () => {
  const qmp = await open();
  let count = 0;
  qmp.onEvent(() => (count += 1));
  for (let index = 0; index < 20_000; index += 1) send({ event: "STOP", timestamp: stamp });
  while (count < 20_000) await new Promise(setImmediate);
  await expect(qmp.waitEvent(() => true, { timeoutMs: 100, since: 0 })).rejects.toMatchObject({ code: "INTERNAL" });
  await expect(qmp.waitEvent(() => true, { timeoutMs: 100, since: 19_999 })).resolves.toMatchObject({ event: "STOP" });
});

test("the monitor's end ends every call and wait, and later ones at once", async () => {
  const qmp = await open();
  answer = () => undefined;
  const ends = [qmp.execute("cont"), qmp.waitEvent(() => true, { timeoutMs: 60_000 })].map((pending) =>
    expect(pending).rejects.toMatchObject({ code: "QMP_CLOSED" }),
  );
  socket?.destroy();
  await qmp.closed;
  await Promise.all(ends);
  await expect(qmp.execute("cont")).rejects.toMatchObject({ code: "QMP_CLOSED" });
  await expect(qmp.waitEvent(() => true, { timeoutMs: 60_000 })).rejects.toMatchObject({ code: "QMP_CLOSED" });
});

test("a reply of some MiB in many pieces arrives whole", async () => {
  const qmp = await open();
  const big = "x".repeat(4 * 1024 * 1024);
  answer = ({ id }) => send({ return: { UUID: big }, id });
  expect((await qmp.execute("query-uuid")).UUID).toHaveLength(big.length);
});

test("a line that is no JSON ends the monitor instead of being skipped", async () => {
  const qmp = await open();
  answer = () => void socket?.write("{broken\n");
  await expect(qmp.execute("query-status")).rejects.toMatchObject({ code: "QMP_CLOSED" });
});

test("a monitor that says nothing is mute, one that is not there is closed", async () => {
  const silent = createServer();
  const mutePath = join(folder, "mute.sock");
  await new Promise<void>((resolve) => silent.listen(mutePath, resolve));
  await expect(connectQmp(mutePath, { timeoutMs: 50 })).rejects.toMatchObject({ code: "TIMED_OUT" });
  await new Promise((resolve) => silent.close(resolve));
  await expect(connectQmp(join(folder, "none.sock"), { timeoutMs: 50 })).rejects.toMatchObject({ code: "QMP_CLOSED" });
});

test("out-of-band commands go under exec-oob", async () => {
  const qmp = await open(true);
  await qmp.executeOutOfBand("yank", { instances: [{ type: "migration" }] });
  expect(requests.at(-1)).toMatchObject({ "exec-oob": "yank", arguments: { instances: [{ type: "migration" }] } });
});
