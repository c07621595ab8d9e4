// A move that goes well, the agents' real code on both sides: what happens in which order, and what is left afterwards.

import type { VmRecord } from "../../../provider/model/ownership";
import { MoveWorld } from "../../fakes/move-world";

let world: MoveWorld;

beforeEach(async () => {
  world = await MoveWorld.open();
});
afterEach(async () => {
  expect(world.wire.violations).toEqual([]);
  for (const { system } of world.hosts.values()) expect(system.refused).toEqual([]);
  await world.close();
});

const commandsOf = (host: string) =>
  world.timeline.filter((act) => act.startsWith(`${host} qmp `)).map((act) => act.slice(6));

test("the guest goes on at the destination with its memory and its disk, and nowhere else", async () => {
  const before = world.qemu("a");
  const { memory } = before ?? {};
  const disk = before?.disks.get("disk-0");
  expect(await world.move()).toBe("succeeded");
  expect(world.running()).toEqual(["b"]);
  expect(world.qemu("b")).toMatchObject({ memory, uuid: before?.uuid });
  expect(world.qemu("b")?.disks.get("disk-0")).toBe(disk);
  expect(before?.isAlive).toBe(false);
  expect(world.record("a")).toMatchObject({
    role: "former",
    generation: 2,
    movedTo: { nodeId: world.host("b").node.nodeId },
  });
  expect(world.record("b")).toMatchObject({ role: "owner", generation: 2, lastMigration: { mode: "live", passes: 3 } });
});

test("each QEMU is told exactly this, in this order", async () => {
  await world.move();
  expect(commandsOf("a")).toEqual([
    "object-add",
    "migrate-set-capabilities",
    "migrate-set-parameters",
    "blockdev-add",
    "blockdev-mirror",
    "migrate",
    "block-job-cancel",
    "blockdev-del",
    "migrate-continue",
    "quit",
  ]);
  expect(commandsOf("b")).toEqual([
    "object-add",
    "migrate-set-capabilities",
    "migrate-set-parameters",
    "migrate-incoming",
    "nbd-server-start",
    "block-export-add",
    "block-export-del",
    "cont",
    "nbd-server-stop",
    "migrate-set-parameters",
    "object-del",
  ]);
});

test("the grant goes out only after `released` is synced, and the guest goes on only after `owner` is", async () => {
  await world.move();
  const steps = world.timeline.filter((act) =>
    / sync | grantMove$| finishMove$|qmp (cont|quit|migrate-continue)$/.test(act),
  );
  expect(steps).toEqual([
    "b sync incoming",
    "b sync incoming",
    "a qmp migrate-continue",
    "a sync released",
    "a asks grantMove",
    "b sync owner",
    "b qmp cont",
    "a sync former",
    "a qmp quit",
    "a asks finishMove",
    "b sync owner",
  ]);
});

test("afterwards the address is announced by the destination alone, and the source keeps nothing but its record", async () => {
  await world.move();
  const [a, b] = [world.host("a"), world.host("b")];
  expect(a.ip.of(world.address)).toContain(`201 ${world.address}/32 via 10.91.0.2 dev leeal0 onlink table 201`);
  await world.agent("a").code.finishLeaving(world.vmId);
  expect(a.ip.of(world.address)).toEqual([]);
  expect(b.ip.of(world.address)).toEqual([expect.stringMatching(`^main ${world.address}/32 dev leeat`)]);
  expect([...a.ip.links.keys()]).toEqual([]);
  expect(a.system.runningDaemons()).toEqual([]);
  const isLeft = (path: string) => path.includes(world.vmId) && !path.includes("/decisions/"); // kept, to be told later
  const left = [...a.system.files.keys(), ...a.system.folders.keys()].filter(isLeft);
  expect(left).toEqual([`${a.paths.state}/records/${world.vmId}.json`]);
  expect([...b.system.files.keys()].filter((path) => path.includes("key/") || path.includes("/expected/"))).toEqual([]);
});

test("the move's key is a file only while a QEMU may read it, and its user's alone", async () => {
  const keys: string[] = [];
  for (const name of ["a", "b"] as const) {
    const { system } = world.host(name);
    system.beforeAct = (act) => {
      if (act.includes("keys.psk")) keys.push(`${name} ${act.replaceAll(/\/\S*\//g, "")}`);
    };
  }
  await world.move();
  expect(keys).toEqual(["b write keys.psk", "b owner keys.psk 900000", "a write keys.psk", "a owner keys.psk 900000"]);
  for (const { system } of world.hosts.values())
    expect([...system.files.keys()].filter((path) => path.endsWith("keys.psk"))).toEqual([]);
});

test("QEMU finds a Diffie-Hellman group beside the server's key, which it would else take half a second to make", async () => {
  const b = world.host("b");
  const there: string[] = [];
  b.system.beforeAct = (act) => {
    if (act.includes("dh-params.pem")) there.push(act.replaceAll(/\/\S*\//g, ""));
  };
  await world.move();
  expect(there).toEqual(["write dh-params.pem"]);
  expect([...b.system.files.keys()].filter((path) => path.endsWith("dh-params.pem"))).toEqual([]);
});

test.each([
  ["a machine with one port a NIC moves into one alike", "each"],
  ["a machine as older agents start it moves into one alike", undefined],
] as const)("%s", async (_, nicPorts) => {
  const { records } = world.agent("a").agent;
  const { qemu, ...record } = records.get(world.vmId) ?? {};
  if (qemu === undefined) throw new Error("the VM does not run on a");
  expect(qemu.nicPorts).toBe("each"); // begun anew
  const { pid, startTicks } = qemu;
  const told = nicPorts === undefined ? { pid, startTicks } : { pid, startTicks, nicPorts };
  await records.save({ ...(record as VmRecord), qemu: told });
  const argv: string[] = [];
  const { daemons } = world.host("b").system;
  const start = daemons.get("qemu-system-x86_64");
  daemons.set("qemu-system-x86_64", (spec, mark) => {
    argv.push(...spec.argv);
    return start?.(spec, mark) ?? {};
  });
  await world.move();
  expect(argv.filter((word) => word.includes('"id":"rp-nic-'))).toHaveLength(nicPorts === "each" ? 1 : 8);
  expect(world.agent("b").agent.records.get(world.vmId)?.qemu?.nicPorts).toBe(nicPorts);
});

test("the same operation id gives the same result and moves nothing", async () => {
  await world.move();
  world.timeline.length = 0;
  const again = await world.beginMove();
  expect(again).toMatchObject({ state: "succeeded", result: { generation: 2 } });
  expect(world.timeline).toEqual([]);
});
