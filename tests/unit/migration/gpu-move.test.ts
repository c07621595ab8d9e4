// A VM with a GPU that changes hosts: its guest lets go of one, gets the other, and is never without for longer than the
// move; whatever breaks, the GPU is back where the guest is.

import type { VmRecord } from "../../../provider/model/ownership";
import { devicesIn, gpuOn, holderOn } from "../../fakes/gpu-world";
import { MoveWorld } from "../../fakes/move-world";

let world: MoveWorld;

beforeEach(async () => {
  world = await MoveWorld.open({ gpus: true });
});
afterEach(async () => {
  expect(world.wire.violations).toEqual([]);
  for (const { system } of world.hosts.values()) expect(system.refused).toEqual([]);
  await world.close();
});

const deviceOf = (host: "a" | "b"): string => `gpu-${gpuOn[host]}`;
const quick = { migration: { downtimeLimitMs: 30, stallTimeoutMs: 300 } };

async function until(what: string, isSo: () => boolean): Promise<void> {
  const deadline = Date.now() + 5_000;
  while (!isSo()) {
    if (Date.now() > deadline) throw new Error(`not in time: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

/** When the source's QEMU is told to send its memory: the guest has let go. */
function onMigrate(act: () => void): void {
  const source = world.qemu("a");
  if (source === undefined) throw new Error("no QEMU on a");
  const inner = source.onCommand;
  source.onCommand = (command, args) => {
    inner(command, args);
    if (command === "migrate") act();
  };
}

test("it starts with its GPU, whose node belongs to its user, and the host knows who has it", async () => {
  expect(devicesIn(world, "a")).toEqual([deviceOf("a")]);
  expect(holderOn(world, "a")).toBe(world.vmId);
  expect(world.host("a").system.files.get("/dev/vfio/12")?.owner).toBe(900_000);
  expect(world.record("a")?.qemu).toMatchObject({ gpuPorts: 1 });
  const answer = await world.agent("a").code.answerVm(world.agent("a").agent, world.vmId);
  expect(answer).toMatchObject({ report: { gpus: [gpuOn.a] } });
});

test("a QEMU whose start its agent did not live to write down is found with its ports, and keeps its GPU", async () => {
  const { qemu, ...unwritten } = world.record("a") as VmRecord;
  await world.agent("a").agent.records.save(unwritten);
  world.restart("a");
  await until("the QEMU is found", () => world.record("a")?.qemu !== undefined);
  expect(world.record("a")?.qemu).toEqual(qemu);
  expect(devicesIn(world, "a")).toEqual([deviceOf("a")]);
});

test("the guest lets go before its memory goes over, and has the other host's GPU once it runs there", async () => {
  expect(await world.move()).toBe("succeeded");
  expect(world.running()).toEqual(["b"]);
  await until("b's GPU is plugged in", () => devicesIn(world, "b").length > 0);
  expect(devicesIn(world, "b")).toEqual([deviceOf("b")]);
  const acts = world.timeline.filter((act) => /qmp (device_del|migrate|cont|device_add)$/.test(act));
  expect(acts).toEqual(["a qmp device_del", "a qmp migrate", "b qmp cont", "b qmp device_add"]);
  await world.agent("a").code.finishLeaving(world.vmId);
  expect([holderOn(world, "a"), holderOn(world, "b")]).toEqual([undefined, world.vmId]);
  expect(world.host("a").system.files.get("/dev/vfio/12")?.owner).toBe(0);
});

test("devices whose state QEMU can send are carried: nothing is ejected", async () => {
  const source = world.qemu("a");
  if (source !== undefined) source.gpus.canMove = true;
  expect(await world.move({ gpus: "carry" })).toBe("succeeded");
  expect(devicesIn(world, "b")).toEqual([deviceOf("b")]);
  expect(world.timeline.filter((act) => /device_(add|del)$/.test(act))).toEqual([]);
});

test("a guest that keeps its GPU stays where it is, with it, and the other host's is free again", async () => {
  const source = world.qemu("a");
  if (source !== undefined) source.gpus.obeysEject = false;
  expect(await world.move(quick)).toBe("failed");
  const { error } = world.agent("a").agent.operations.get(world.moveId);
  expect(JSON.stringify(error)).toContain("does not let go of GPU partition");
  expect([world.running(), devicesIn(world, "a")]).toEqual([["a"], [deviceOf("a")]]);
  await until("b gives up", () => holderOn(world, "b") === undefined);
});

test("a move that breaks off after the eject brings the GPU back", async () => {
  onMigrate(() => world.qemu("b")?.end());
  expect(await world.move(quick)).toBe("failed");
  expect(world.running()).toEqual(["a"]);
  await until("the GPU is back", () => devicesIn(world, "a").length > 0);
  expect(devicesIn(world, "a")).toEqual([deviceOf("a")]);
});

test("an agent that is killed once the guest has let go leaves it with a GPU in the end, wherever it runs", async () => {
  let isKilled = false;
  onMigrate(() => {
    if (!isKilled) world.restart("a");
    isKilled = true;
  });
  await world.move(quick);
  const [host] = await world.runningInTheEnd();
  await until("it has a GPU", () => devicesIn(world, host === "b" ? "b" : "a").length > 0);
  expect(isKilled).toBe(true);
});

test("a GPU that cannot be plugged in on the new host is told, and its guest runs there all the same", async () => {
  world.onQemu = (qemu) => {
    qemu.gpus.refusal = "vfio 0000:02:00.0: group 12 is not viable";
  };
  expect(await world.move()).toBe("succeeded");
  expect(world.running()).toEqual(["b"]);
  await until("it is told", () => world.agent("b").log.some((line) => line.includes("gpus-not-plugged")));
  const answer = await world.agent("b").code.answerVm(world.agent("b").agent, world.vmId);
  expect(answer).toMatchObject({ report: { state: "running", gpus: [] } });
});

test("a cold move starts with the new host's GPU from the boot on", async () => {
  expect(await world.move({ migration: { downtimeLimitMs: 30, mode: "cold" } })).toBe("succeeded");
  expect(world.running()).toEqual(["b"]);
  expect(devicesIn(world, "b")).toEqual([deviceOf("b")]);
  expect(world.timeline.filter((act) => /device_(add|del)$/.test(act))).toEqual([]);
});
