// A console over the agent's own server and the controller's own client: bytes both ways, one person at a time, and
// clear words for everyone else. The guest is a unix socket, as QEMU's chardev is.

import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import type { Server as HttpServer } from "node:http";
import { createConnection, createServer, type Server, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Duplex } from "node:stream";
import type { Agent } from "../../../provider/agent/agent";
import { openConsole } from "../../../provider/agent/console/open-console";
import { startControlServer } from "../../../provider/agent/http/control-server";
import { silentLog } from "../../../provider/agent/log";
import { type FollowedConsole, followConsole } from "../../../provider/agent/qemu/follow-console";
import { createAgentClient } from "../../../provider/controller/agent-link/agent-client";
import { AgentTransport } from "../../../provider/controller/agent-link/agent-transport";
import { someRecord, someVmId } from "../../fakes/fake-host-agent";

jest.setTimeout(30_000);

const folder = mkdtempSync(join(tmpdir(), "leea-console-"));
const logPath = join(folder, "console.log");
let guestServer: Server;
let guest: Socket;
let heard = "";
let followed: FollowedConsole | undefined;
let control: HttpServer;
const transport = new AgentTransport(() => Promise.resolve(createConnection(join(folder, "agent.sock"))));
const client = createAgentClient(transport, "host-a");
const open = (take = false) => client.openConsole({ vmId: someVmId, take });

beforeAll(async () => {
  const arrived = new Promise<Socket>((resolve) => {
    guestServer = createServer(resolve);
  });
  await new Promise<void>((resolve) => guestServer.listen(join(folder, "console.sock"), resolve));
  followed = followConsole({ socketPath: join(folder, "console.sock"), logPath }, silentLog);
  guest = await arrived;
  guest.setEncoding("utf8").on("data", (text: string) => (heard += text));
  const agent = {
    records: { get: (vmId: string) => (vmId === someVmId ? someRecord() : undefined) },
    machines: { get: () => (followed === undefined ? undefined : { console: followed }) },
  } as unknown as Agent;
  control = await startControlServer(
    join(folder, "agent.sock"),
    () => Promise.resolve({ answered: true }),
    silentLog,
    ({ params, ...person }) => openConsole(agent, params["vmId"] ?? "", person),
  );
});

afterAll(async () => {
  transport.destroy();
  control.closeAllConnections();
  await new Promise((resolve) => control.close(resolve));
  guest.destroy();
  await new Promise((resolve) => guestServer.close(resolve));
  rmSync(folder, { recursive: true });
});

function reader(stream: Duplex): {
  text: () => string;
  until: (needle: string) => Promise<void>;
  ended: Promise<void>;
} {
  let text = "";
  stream.setEncoding("utf8").on("data", (part: string) => (text += part));
  const ended = new Promise<void>((resolve) => stream.once("end", resolve));
  return { text: () => text, until: (needle) => eventually(() => text.includes(needle)), ended };
}

async function eventually(look: () => boolean): Promise<void> {
  const deadline = Date.now() + 20_000;
  while (!look()) {
    if (Date.now() > deadline) throw new Error("waited in vain");
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

test("bytes go both ways, whatever they are, and are kept besides", async () => {
  const stream = await open();
  const seen = reader(stream);
  stream.write("uname -a\r\u0003");
  await eventually(() => heard.includes("uname -a\r\u0003"));
  guest.write("Linux guest\r\n\u001b[1mbold");
  await seen.until("\u001b[1mbold");
  await eventually(() => existsSync(logPath) && readFileSync(logPath, "utf8").endsWith("bold"));
  stream.end();
  await seen.ended;
});

test("a second person is refused with the reason, until the first has left", async () => {
  const first = await open();
  const refusal = expect.objectContaining({ code: "IN_USE", message: expect.stringContaining("since 20") });
  await expect(open()).rejects.toEqual(refusal);
  first.destroy();
  await eventually(() => first.destroyed);
  let second: Duplex | undefined;
  const deadline = Date.now() + 5_000;
  while (second === undefined && Date.now() < deadline) second = await open().catch(() => undefined); // the hang-up is on its way
  expect(second).toBeDefined();
  second?.destroy();
});

test("whoever takes the console sends the other away with a word", async () => {
  const first = await open(true);
  const seen = reader(first);
  const second = await open(true);
  await seen.ended;
  expect(seen.text()).toContain("somebody else took the console");
  heard = "";
  second.write("mine");
  await eventually(() => heard === "mine");
  second.destroy();
});

test("an id that is none, a VM that is not there, and a request that is no upgrade are refused in words", async () => {
  await expect(client.openConsole({ vmId: "../etc", take: false })).rejects.toMatchObject({ code: "PROTOCOL_INVALID" });
  const other = "b".repeat(26);
  await expect(client.openConsole({ vmId: other, take: false })).rejects.toMatchObject({ code: "NOT_FOUND" });
  expect(await rawUpgrade("/v1/health")).toMatch(/^HTTP\/1\.1 400 .*PROTOCOL_INVALID/s);
});

test("when QEMU ends, so does the session, and the next one is told why there is none", async () => {
  const stream = await open(true);
  const seen = reader(stream);
  guest.end("bye\r\n");
  await seen.ended;
  expect(seen.text()).toBe("bye\r\n");
  await followed?.ended;
  await expect(open()).rejects.toMatchObject({ code: "NOT_ALLOWED_NOW" });
  followed = undefined;
  await expect(open()).rejects.toMatchObject({
    code: "NOT_ALLOWED_NOW",
    message: expect.stringContaining("does not run"),
  });
});

/** The whole answer to an upgrade of another path. */
function rawUpgrade(path: string): Promise<string> {
  return new Promise((resolve) => {
    let text = "";
    const socket = createConnection(join(folder, "agent.sock"));
    socket.setEncoding("utf8").on("data", (part: string) => (text += part));
    socket.on("close", () => resolve(text));
    socket.write(`GET ${path} HTTP/1.1\r\nHost: agent\r\nConnection: Upgrade\r\nUpgrade: leea-console\r\n\r\n`);
  });
}
