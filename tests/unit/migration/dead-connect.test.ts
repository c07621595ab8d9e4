// A link that dies while the memory stream connects: QEMU itself goes on trying for a quarter of an hour, takes no other
// stream in that time, and stands still as a whole in the TLS handshake. The kernel breaks such connections at once.

import { MoveWorld } from "../../fakes/move-world";

jest.setTimeout(60_000);

let world: MoveWorld;

beforeEach(async () => {
  world = await MoveWorld.open();
});
afterEach(async () => {
  expect(world.wire.violations).toEqual([]);
  await world.close();
});

const impatient = { migration: { downtimeLimitMs: 30, stallTimeoutMs: 300 } };

/** Another move right after the one that failed. */
async function moveAgain(): Promise<string> {
  world.wire.answers = "all";
  await world
    .agent("b")
    .agent.expected.expect({ moveId: "move-second", vmId: world.vmId, source: world.host("a").node });
  const { code, agent } = world.agent("a");
  await code.beginMove(agent, world.vmId, {
    owner: "o/p/s",
    destination: world.host("b").node,
    destinationConnection: {},
    operationId: "move-second",
  });
  return (await agent.operations.wait("move-second")).state;
}

test.each(["nothing", "no-handshake"] as const)(
  "a stream that is answered with %s is given up, and the VM moves at the next try",
  async (answers) => {
    world.wire.answers = answers;
    expect(await world.move(impatient)).toBe("failed");
    expect(world.running()).toEqual(["a"]);
    expect(world.qemu("a")).toMatchObject({ isMute: false, connectsTo: undefined });
    expect(world.timeline).not.toContain("a sync released");
    expect(await moveAgain()).toBe("succeeded");
    expect(world.running()).toEqual(["b"]);
  },
);

test("a stream that still connects from before a restart of the agent does not keep the VM from moving", async () => {
  const source = world.qemu("a");
  if (source !== undefined) source.connectsTo = "10.91.0.2:51730";
  expect(await world.move()).toBe("succeeded");
  expect(world.running()).toEqual(["b"]);
});

test("a stream that the kernel cannot break ends the move with the reason, and the guest runs on", async () => {
  const source = world.qemu("a");
  if (source !== undefined) source.connectsTo = "10.91.0.2:51730";
  world.host("a").system.programs.set("ss", () => ({}));
  expect(await world.move()).toBe("failed");
  expect(world.agent("a").agent.operations.get(world.moveId).error?.causes?.[0]).toContain("for an earlier move");
  expect(world.running()).toEqual(["a"]);
});

test("connections of disks and of other programs are left alone", async () => {
  const source = world.qemu("a");
  if (source !== undefined) source.connectsTo = "10.91.0.2:51731";
  expect(await world.move()).toBe("failed");
  expect(world.host("a").system.ran.filter((words) => words.startsWith("ss -K"))).toEqual([]);
});

test("a QEMU that stood in the handshake when its agent began again goes on, and its VM is not started anew", async () => {
  world.wire.answers = "no-handshake";
  const source = world.qemu("a");
  if (source === undefined) throw new Error("no QEMU on a");
  source.onCommand = (command) => {
    if (command !== "migrate") return;
    source.onCommand = () => undefined;
    setImmediate(() => world.restart("a"));
  };
  expect(await world.move()).toBe("failed");
  expect(world.running()).toEqual(["a"]);
  expect(world.qemu("a")).toBe(source);
  expect(source.isMute).toBe(false);
  world.wire.answers = "all";
  expect(await moveAgain()).toBe("succeeded");
  expect(source.memory).toBe(world.qemu("b")?.memory);
});
