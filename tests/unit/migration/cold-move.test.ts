// Moves of a VM that does not run meanwhile, the agents' real code on both sides: shut down for it or stopped already,
// the same release and grant as a live move, and a way back at every step before the release.

import type { MigrationSpec } from "../../../provider/model/vm-spec";
import { MoveWorld } from "../../fakes/move-world";

let world: MoveWorld;

beforeEach(async () => {
  world = await MoveWorld.open();
});
afterEach(async () => {
  expect(world.wire.violations).toEqual([]);
  await world.close();
});

const cold: MigrationSpec = { downtimeLimitMs: 30, mode: "cold", shutdownTimeoutMs: 200, stallTimeoutMs: 400 };
const operation = () => world.agent("a").agent.operations.get(world.moveId);
const steps = (pattern: RegExp) => world.timeline.filter((act) => pattern.test(act));

/** The VM is the source's alone, and runs there from a new boot or as before. */
async function expectBack(memory: string): Promise<void> {
  expect(await world.runningInTheEnd()).toEqual(["a"]);
  expect(world.record("a")).toMatchObject({ role: "owner", generation: 1, wantsToRun: true });
  expect(world.qemu("a")).toMatchObject({ memory });
  expect(["abandoned", undefined]).toContain(world.record("b")?.role);
  await world.agent("b").code.finishLeaving(world.vmId);
  expect(world.host("b").system.runningDaemons()).toEqual([]);
  expect(world.host("b").ip.of(world.address)).toEqual([]);
  expect(world.host("a").ip.of(world.address)).toEqual([expect.stringMatching(/^main .* dev leeat/)]);
}

describe("a running VM that moves cold", () => {
  test("boots anew on the destination from its own disk, and nowhere else", async () => {
    const before = world.qemu("a");
    before?.writeDisk("disk-0", "what the guest wrote");
    expect(await world.move({ migration: cold })).toBe("succeeded");
    expect(world.running()).toEqual(["b"]);
    expect(before?.isAlive).toBe(false);
    expect(world.qemu("b")).toMatchObject({ memory: "booted on b", uuid: before?.uuid });
    expect(world.qemu("b")?.disks.get("disk-0")).toBe("what the guest wrote");
    expect(world.record("a")).toMatchObject({ role: "former", generation: 2 });
    expect(world.record("b")).toMatchObject({
      role: "owner",
      generation: 2,
      lastMigration: { mode: "cold", ramBytes: 0, passes: 0, downtimeMs: expect.any(Number) },
    });
    expect(world.record("b")).not.toHaveProperty("moveMode");
  });

  test("is asked to shut down only when its copy is ready, and granted only when a QEMU waits for it", async () => {
    await world.move({ migration: cold });
    expect(
      steps(
        / sync (released|owner)| grantMove$| settleDisks$|powerdown|blockdev-mirror|block-job-cancel|qmp (cont|quit)$/,
      ),
    ).toEqual([
      "a qmp blockdev-mirror",
      "a qmp system_powerdown",
      "a qmp block-job-cancel",
      "a asks settleDisks",
      "b qmp quit",
      "a qmp quit",
      "a sync owner",
      "a sync released",
      "a asks grantMove",
      "b sync owner",
      "b qmp cont",
      "b sync owner",
    ]);
  });

  test("has its power cut when it does not shut down in time", async () => {
    const before = world.qemu("a");
    if (before !== undefined) before.obeysPowerdown = false;
    expect(await world.move({ migration: cold })).toBe("succeeded");
    expect(steps(/^a qmp (system_powerdown|stop)$/)).toEqual(["a qmp system_powerdown", "a qmp stop"]);
    expect(world.running()).toEqual(["b"]);
  });

  test("that writes faster than its disks are copied is shut down at the deadline, and the rest is copied then", async () => {
    const before = world.qemu("a");
    if (before !== undefined) before.stream.mirrors = "standing";
    before?.writeDisk("disk-0", "all of it");
    expect(await world.move({ migration: { ...cold, deadlineMs: 300 } })).toBe("succeeded");
    expect(world.qemu("b")?.disks.get("disk-0")).toBe("all of it");
  });

  test("goes on as it was where the copy stalls before it was asked to shut down", async () => {
    const before = world.qemu("a");
    if (before !== undefined) before.stream.isDead = true;
    expect(await world.move({ migration: cold })).toBe("failed");
    expect(operation().error?.causes).toEqual([expect.stringContaining("no byte of the disks reached b for 400ms")]);
    expect(steps(/powerdown/)).toEqual([]);
    await expectBack("booted on a");
    expect(world.qemu("a")).toBe(before);
  });

  test.each([
    ["the destination's QEMU dies while it is shut down", "system_powerdown"],
    ["the destination's QEMU dies while the copies end", "block-job-cancel"],
  ])("is started again where %s", async (_what, command) => {
    const before = world.qemu("a");
    if (before === undefined) throw new Error("no QEMU");
    const told = before.onCommand;
    before.onCommand = (name, args) => {
      told(name, args);
      if (name === command) world.qemu("b")?.end();
    };
    expect(await world.move({ migration: cold })).toBe("failed");
    await expectBack("booted on a");
    expect(before.isAlive).toBe(false);
    expect(steps(/released/)).toEqual([]);
  });

  test("is started again where the destination cannot start a QEMU for it", async () => {
    world.fate = (verb) => {
      if (verb === "settleDisks") world.host("b").system.daemons.delete("qemu-system-x86_64");
      return "arrive";
    };
    expect(await world.move({ migration: cold })).toBe("failed");
    expect(operation().error?.message).toContain("it runs on its source");
    await expectBack("booted on a");
  });

  test("is started again after a grant that never arrived, once the destination has said so", async () => {
    world.fate = (verb) => {
      if (verb === "grantMove") world.qemu("b")?.end();
      return verb === "grantMove" ? "lose" : "arrive";
    };
    expect(await world.move({ migration: cold })).toBe("failed");
    expect(steps(/released|b sync abandoned/)).toEqual(["a sync released", "b sync abandoned"]);
    await expectBack("booted on a");
  });

  test("is where it was granted to where the answer is lost", async () => {
    world.fate = (verb) => (verb === "grantMove" ? "mute" : "arrive");
    expect(await world.move({ migration: cold })).toBe("succeeded");
    expect(world.running()).toEqual(["b"]);
  });

  test.each([
    ["while its disks are copied", "blockdev-mirror"],
    ["while it shuts down", "system_powerdown"],
    ["while its copies end", "block-job-cancel"],
  ])("that is cancelled %s runs on its source, and nothing is left on the destination", async (_when, command) => {
    const before = world.qemu("a");
    if (before === undefined) throw new Error("no QEMU");
    const told = before.onCommand;
    before.onCommand = (name, args) => {
      told(name, args);
      if (name === command) world.agent("a").agent.operations.cancel(world.moveId);
    };
    expect(await world.move({ migration: cold })).toBe("cancelled");
    await expectBack("booted on a");
  });
});

describe("a VM that does not run", () => {
  test("moves without being asked how, and stays stopped", async () => {
    const disk = world.qemu("a")?.disks.get("disk-0");
    await world.stopVm();
    expect(await world.move()).toBe("succeeded");
    expect(world.running()).toEqual([]);
    expect([...world.wire.qemus]).toEqual([]);
    expect(world.record("b")).toMatchObject({ role: "owner", generation: 2, wantsToRun: false });
    expect(world.record("b")).toMatchObject({ lastMigration: { mode: "cold", downtimeMs: 0 } });
    expect(steps(/powerdown|qmp cont$/)).toEqual([]);
    expect(world.host("b").ip.of(world.address)).toEqual([`main ${world.address}/32 blackhole proto 200`]);
    const { agent, code } = world.agent("b");
    const record = await agent.records.save({ ...agent.records.get(world.vmId)!, wantsToRun: true });
    await code.startVm(agent, record, { report: () => undefined });
    expect(world.qemu("b")?.disks.get("disk-0")).toBe(disk);
  });

  test("stays stopped on its source where the move fails", async () => {
    await world.stopVm();
    world.fate = (verb) => (verb === "settleDisks" ? "lose" : "arrive");
    expect(await world.move()).toBe("failed");
    expect([...world.wire.qemus]).toEqual([]);
    expect(world.record("a")).toMatchObject({ role: "owner", generation: 1, wantsToRun: false });
    expect(operation().error?.message).toContain("does not run");
  });
});

test("a VM under mode forbid is not moved, and nothing is made", async () => {
  expect(await world.move({ migration: { downtimeLimitMs: 30, mode: "forbid" } })).toBe("failed");
  expect(operation().error).toMatchObject({ code: "NOT_ALLOWED_NOW" });
  expect(world.timeline).toEqual([]);
  expect(world.running()).toEqual(["a"]);
});
