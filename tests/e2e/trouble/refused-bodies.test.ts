// Bad input 29 against the agent that is really installed, over its own socket in a host of a lab: slow, large, deep and broken
// bodies, and a bounded run of the fuzzer. After all of it the host is as it was, and the same process still answers.

import { connect } from "node:net";
import fc from "fast-check";
import { snapshotHost } from "../../../provider/cli/lab/lab";
import { arbitraryRequest } from "../../fuzz/arbitrary-request";
import { judgeAnswer } from "../../fuzz/judge-answer";
import { seeded, whileTime } from "../../fuzz/seeded";
import { sendFuzzed } from "../../fuzz/send-fuzzed";
import { runInside } from "../enter-lab";
import { closeWorld, openWorld, type World, withAgent } from "../world/world";
import { forgetConnections, listVmTraces, makeNode } from "./trouble-rig";

jest.setTimeout(180_000);
let world: World;
let pid: number;

beforeAll(async () => {
  world = await openWorld("bodies", ["a"]);
  await runInside(world.lab, "a", "rm -f /dev/kvm");
  await makeNode(world, "a");
  await withAgent(world, "a", (session) => session.uploadImage(__filename)); // so that the store's folder is there
  ({ pid } = await withAgent(world, "a", (session) => session.call("getHealth", {})));
});

afterAll(() => closeWorld(world));

/** The agent's socket, reached through the host's first process. */
const socketPath = () => `/proc/${world.lab.hosts[0]?.pid}/root/run/leea/agent.sock`;

/** The host without what is no change: the agent's log tells of each request that failed, and a question may cost a probe. */
async function look(): Promise<string> {
  const lines = (await snapshotHost(world.lab, "a")).split("\n");
  return [
    await listVmTraces(world, "a"),
    ...lines.filter((line) => !/^\/var\/lib\/leea\/(agent\.log|probe\b)/.test(line)),
  ].join("\n");
}

async function expectAlive(): Promise<void> {
  const health = await withAgent(world, "a", (session) => session.call("getHealth", {}));
  expect(health.pid).toBe(pid);
  expect(await runInside(world.lab, "a", "grep -c unhandled-rejection /var/lib/leea/agent.log || true")).toBe("0");
}

/** Writes the text, then a byte now and then, and gives all that comes back until the connection ends. */
function trickle(text: string): Promise<string> {
  return new Promise((resolve) => {
    const socket = connect(socketPath());
    let said = "";
    socket.write(text);
    const timer = setInterval(() => socket.write(" "), 500);
    socket.on("data", (chunk) => (said += String(chunk)));
    socket.on("error", () => undefined); // the agent ends the connection while we write
    socket.on("close", () => (clearInterval(timer), resolve(said)));
  });
}

test("#29 a body that trickles is answered 408 with the code, and the connection ends", async () => {
  const head = "POST /v1/mesh/check HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\n";
  expect(await trickle(head)).toMatch(/^HTTP\/1\.1 408 [^]*TIMED_OUT/);
  await expectAlive();
});

test("#29 50 MB, deep nesting and what is no JSON are answered 413 and 400", async () => {
  const request = {
    method: "POST",
    path: "/v1/mesh/check",
    headers: [],
    parts: [],
    framing: "length",
    cutAt: undefined,
  } as const;
  const ask = async (body: string) => {
    const { status, text } = await sendFuzzed(() => connect(socketPath()), { ...request, body });
    return `${status} ${(JSON.parse(text) as { error: { code: string } }).error.code}`;
  };
  expect(await ask(" ".repeat(50 * 1024 ** 2))).toBe("413 BODY_TOO_LARGE");
  expect(await ask("[".repeat(500_000))).toBe("400 PROTOCOL_INVALID");
  expect(await ask("nul")).toBe("400 PROTOCOL_INVALID");
  expect(await ask('{"sudo":true}')).toBe("422 INPUT_INVALID");
  await expectAlive();
});

test("#29 whatever else is sent that changes nothing when it is sound, the agent answers with a code and the host is as it was", async () => {
  forgetConnections();
  const before = await look();
  const params = {
    vmId: ["a".repeat(26)],
    operationId: ["put-fuzzed-1"],
    hash: ["0".repeat(64)],
    peerId: ["b-12345678"],
    log: ["console"],
    from: ["now"],
  };
  const changing = [
    "setUpNode",
    "leaveNode",
    "putMesh",
    "putLink",
    "putVm",
    "deleteVm",
    "expectMove",
    "moveVm",
    "vouch",
  ] as const;
  const property = fc.asyncProperty(
    arbitraryRequest("control", params, changing),
    whileTime(20_000, async (request) => {
      const problem = judgeAnswer(await sendFuzzed(() => connect(socketPath()), request));
      if (problem !== undefined) throw new Error(`${request.method} ${request.path.slice(0, 80)}: ${problem}`);
    }),
  );
  await fc.assert(property, seeded("trouble/refused-bodies", 400));
  await expectAlive();
  forgetConnections();
  expect(await look()).toBe(before);
});
