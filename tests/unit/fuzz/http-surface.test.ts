// Fuzzes both doors of the agent's real code over a fake host on which a VM runs: whatever is sent, no crash, no answer
// without a code, no hang, and nothing that a refused request changed. Replay as the printed line says.

import { mkdirSync, mkdtempSync, readdirSync, rmSync, statSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { connect as connectTls } from "node:tls";
import fc from "fast-check";
import type { AgentContext } from "../../../provider/agent/agent-context";
import type { ControlRequest } from "../../../provider/agent/http/control-server";
import type { Operations } from "../../../provider/agent/journal/operations";
import { silentLog } from "../../../provider/agent/log";
import { readPeerCertificate } from "../../../provider/agent/peer/peer-certificate";
import { peerPort } from "../../../provider/protocol/peer";
import type { VerbShape } from "../../../provider/protocol/verbs";
import { MoveWorld } from "../../fakes/move-world";
import { arbitraryRequest, type FuzzedRequest } from "../../fuzz/arbitrary-request";
import { isRefused, judgeAnswer } from "../../fuzz/judge-answer";
import { seeded, whileTime } from "../../fuzz/seeded";
import { sendFuzzed } from "../../fuzz/send-fuzzed";
import { watchStrays } from "../../fuzz/watch-strays";

jest.setTimeout(Number(process.env["FUZZ_RUNS"] ?? 0) * 100 + 60_000);

const peerAddress = "127.77.3.2";
let folder: string;
let world: MoveWorld;
let close: (() => Promise<void>)[];
const strays = watchStrays();

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "leea-fuzz-"));
  mkdirSync(join(folder, "images"));
  world = await MoveWorld.open();
  close = [];
});
afterEach(async () => {
  for (const end of close) await end();
  await world.close();
  rmSync(folder, { recursive: true });
  expect(strays).toEqual([]);
});

/** Everything of the host that a request could have changed: files and daemons of the fake one, and the real image store. */
function look(name: "a" | "b"): string {
  const { system } = world.host(name);
  const files = [...system.files].map(([path, { text, mode, owner }]) => `${path} ${mode} ${owner} ${text}`).sort();
  // One that is still arriving, or was just cut off: settle() waits until it is gone.
  const images = readdirSync(join(folder, "images")).filter((file) => !file.endsWith(".part"));
  const kept = images.map((file) => `${file} ${statSync(join(folder, "images", file)).size}`);
  return [...files, ...system.runningDaemons(), ...world.running(), ...kept].join("\n");
}

/** Lines that one has and the other lacks; empty where they are the same. */
function differ(before: string, after: string): string {
  const [old, now] = [before.split("\n"), after.split("\n")];
  const gone = old.filter((line) => !now.includes(line)).map((line) => `\n- ${line}`);
  return [...gone, ...now.filter((line) => !old.includes(line)).map((line) => `\n+ ${line}`)].join("");
}

/** Waits until nothing that an accepted request began is under way, so that the next look sees one request alone. */
async function settle(operations: Operations): Promise<void> {
  const deadline = Date.now() + 20_000;
  const kinds = ["setup", "put-vm", "delete-vm", "move-vm", "leave"] as const;
  const isUploading = () => readdirSync(join(folder, "images")).some((file) => file.endsWith(".part"));
  while (isUploading() || kinds.some((kind) => operations.countRunning(kind) > 0)) {
    if (Date.now() > deadline) throw new Error("an operation or an upload does not end");
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
}

/** Sends until the runs are used up; each answer is judged, and a refused request must have changed nothing. */
async function fuzz(
  side: VerbShape["side"],
  host: "a" | "b",
  ask: (request: FuzzedRequest) => ReturnType<typeof sendFuzzed>,
) {
  const params = {
    vmId: [world.vmId, "b".repeat(26)],
    operationId: [world.moveId, "put-fuzzed-1"],
    moveId: [world.moveId],
    hash: ["0".repeat(64)],
    peerId: [world.host("b").node.nodeId],
    log: ["console", "qemu"],
    from: ["kept", "now"],
  };
  const { operations } = world.agent(host).agent;
  const property = fc.asyncProperty(
    arbitraryRequest(side, params, ["followLog"]),
    whileTime(6_000, async (request) => {
      const before = look(host);
      const answer = await ask(request);
      const problem = judgeAnswer(answer);
      if (problem !== undefined) throw new Error(`${request.method} ${request.path.slice(0, 80)}: ${problem}`);
      await settle(operations);
      const changed = isRefused(answer) ? differ(before, look(host)) : "";
      if (changed !== "") throw new Error(`${answer.status} ${answer.text}, and changed the host: ${changed}`);
      if (strays.length > 0) throw strays[0];
    }),
  );
  await fc.assert(property, seeded("fuzz/http-surface", 400));
}

test("no request over SSH crashes, hangs or slips through the agent", async () => {
  const { agent, code } = world.agent("a");
  Object.assign(agent.ctx.paths, { storage: folder });
  const { system } = world.host("a");
  const removeFake = system.remove.bind(system);
  // Uploads are real files: they must go as they do on a real host.
  system.remove = async (path) => {
    if (path.startsWith(`${folder}/`)) rmSync(path, { recursive: true, force: true });
    await removeFake(path);
  };
  const path = join(folder, "agent.sock");
  const handle = (request: ControlRequest) =>
    (code.controlHandlers as unknown as Record<string, (agent: unknown, request: ControlRequest) => Promise<unknown>>)[
      request.verb
    ]?.(agent, request) ?? Promise.reject(new Error("no handler"));
  const server = await code.startControlServer(path, handle, silentLog, ({ params, ...person }) =>
    code.openConsole(agent, params["vmId"] ?? "", person),
  );
  close.push(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  await fuzz("control", "a", (request) => sendFuzzed(() => connect(path), request));
});

test("no request of another agent crashes, hangs or slips through the agent", async () => {
  const { agent, code } = world.agent("b");
  const server = await code.startPeerServer(atLoopback(agent.ctx), (request) => code.answerPeer(agent, request));
  close.push(() => server.close());
  const source = world.agent("a").agent.ctx;
  const own = await readPeerCertificate(source);
  const tls = { host: peerAddress, port: peerPort, ...own, rejectUnauthorized: false };
  await fuzz("peer", "b", (request) => sendFuzzed(() => connectTls(tls), request));
});

/** The same host with a mesh address that this machine has. */
function atLoopback(ctx: AgentContext): AgentContext {
  const readText: AgentContext["system"]["readText"] = async (path) => {
    const text = await ctx.system.readText(path);
    return path.endsWith("mesh.json")
      ? JSON.stringify({ ...JSON.parse(text ?? "{}"), meshAddress: peerAddress })
      : text;
  };
  return { ...ctx, system: { ...ctx.system, readText } };
}
