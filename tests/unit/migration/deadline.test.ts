// A live move that does not get to its end by itself: the deadline's three ways, the stall rule, a cancel in each phase.
// The guest always goes on at exactly one host, and the figures that were declared reach QEMU.

import { readDecisions } from "../../../provider/agent/vm/record/decision-log";
import type { MigrationSpec } from "../../../provider/model/vm-spec";
import type { Convergence } from "../../fakes/fake-stream";
import { MoveWorld } from "../../fakes/move-world";

let world: MoveWorld;
const parameters: Record<string, unknown>[] = [];
const capabilities: unknown[] = [];

beforeEach(async () => {
  world = await MoveWorld.open();
  parameters.length = 0;
  capabilities.length = 0;
  const source = sourceQemu();
  const told = source.onCommand;
  source.onCommand = (name, args) => {
    told(name, args);
    if (name === "migrate-set-parameters") parameters.push(args as Record<string, unknown>);
    if (name === "migrate-set-capabilities") capabilities.push(...(args as { capabilities: unknown[] }).capabilities);
  };
});
afterEach(async () => {
  expect(world.wire.violations).toEqual([]);
  await world.close();
});

const rules = (change: Partial<MigrationSpec>): { migration: MigrationSpec } => ({
  migration: { downtimeLimitMs: 30, deadlineMs: 300, stallTimeoutMs: 600, ...change },
});
const errorOf = () => world.agent("a").agent.operations.get(world.moveId).error;
const steps = (pattern: RegExp) => world.timeline.filter((act) => pattern.test(act));

function sourceQemu() {
  const qemu = world.qemu("a");
  if (qemu === undefined) throw new Error("no QEMU on a");
  return qemu;
}

function busy(converges: Convergence): void {
  sourceQemu().stream.converges = converges;
}

/** Acts at the first time that the source's QEMU is told this. */
function onceAt(command: string, act: () => void): void {
  const told = sourceQemu().onCommand;
  let isDone = false;
  sourceQemu().onCommand = (name, args) => {
    told(name, args);
    if (name === command && !isDone) {
      isDone = true;
      act();
    }
  };
}

async function expectUndone(): Promise<void> {
  expect(world.running()).toEqual(["a"]);
  expect(world.record("a")).toMatchObject({ role: "owner", generation: 1 });
  await world.agent("b").code.finishLeaving(world.vmId);
  expect(world.host("b").system.runningDaemons()).toEqual([]);
  expect(world.host("b").ip.of(world.address)).toEqual([]);
  expect(world.host("a").ip.of(world.address)).toEqual([expect.stringMatching(/^main .* dev leeat/)]);
  expect([...sourceQemu().objects.keys()]).toEqual([]);
}

describe("a guest that writes memory faster than it goes over", () => {
  test("is left where it is at the deadline, and the error says what to change", async () => {
    busy("never");
    expect(await world.move(rules({}))).toBe("failed");
    const error = errorOf();
    expect(error?.causes?.[0]).toMatch(
      /memory was not across to b after 300ms: it writes 12MiB\/s and 12MiB\/s go over/,
    );
    expect(steps(/qmp (stop|migrate_cancel)$/)).toEqual(["a qmp migrate_cancel"]);
    await expectUndone();
    const told = await readDecisions(world.agent("a").agent.ctx, world.vmId);
    expect(told.map(({ decision }) => decision)).toEqual(
      expect.arrayContaining(["move-begun", "deadline-cancel", "move-undone"]),
    );
  });

  test("stands still from the deadline on where that was declared, its packets handed over at its STOP", async () => {
    busy("paused");
    expect(await world.move(rules({ onDeadline: "stop" }))).toBe("succeeded");
    expect(world.running()).toEqual(["b"]);
    const order = steps(/qmp (stop|migrate-continue)$| announceMove$/);
    expect(order).toEqual(["a qmp stop", "a asks announceMove", "a qmp migrate-continue"]);
    expect(world.record("b")?.lastMigration).toMatchObject({ mode: "live" });
    expect(world.record("b")?.lastMigration?.downtimeMs).toBeGreaterThan(0);
  });

  test("goes on at its source where the way dies after that stop", async () => {
    busy("paused");
    onceAt("stop", () => (sourceQemu().stream.isDead = true));
    expect(await world.move(rules({ onDeadline: "stop" }))).toBe("failed");
    expect(errorOf()?.causes?.[0]).toContain("the move stalled: no byte of the memory reached b for 600ms");
    await expectUndone();
  });

  test("is slowed down from the deadline on where that was declared, and not before", async () => {
    busy("throttled");
    expect(await world.move(rules({ onDeadline: "auto-converge" }))).toBe("succeeded");
    expect(world.running()).toEqual(["b"]);
    expect(capabilities).toContainEqual({ capability: "auto-converge", state: true });
    expect(parameters.map((set) => set["max-cpu-throttle"])).toEqual([1, 99]);
  });

  test("that does not converge slowed down either is left where it is", async () => {
    busy("never");
    expect(await world.move(rules({ onDeadline: "auto-converge" }))).toBe("failed");
    expect(errorOf()?.causes?.[0]).toContain("after 300ms, also with its processors slowed down");
    await expectUndone();
  });
});

describe("a way that carries nothing any more", () => {
  test("is a fault after the stall timeout, however long the deadline", async () => {
    busy("never");
    onceAt("migrate", () => (sourceQemu().stream.isDead = true));
    expect(await world.move(rules({ deadlineMs: 60_000 }))).toBe("failed");
    expect(errorOf()?.causes?.[0]).toContain("no byte of the memory reached b for 600ms");
    await expectUndone();
  });

  test("is a fault while disks are copied too, and the dead connection is torn down", async () => {
    sourceQemu().stream.isDead = true;
    expect(await world.move(rules({ deadlineMs: 60_000 }))).toBe("failed");
    expect(errorOf()?.causes?.[0]).toContain("no byte of the disks reached b for 600ms");
    expect(steps(/qmp yank$/)).toEqual(["a qmp yank"]);
    await expectUndone();
  });

  test("that makes the monitor mute is torn down out of band", async () => {
    busy("never");
    onceAt("migrate", () => setTimeout(() => (sourceQemu().isMute = true), 100));
    onceAt("yank", () => (sourceQemu().isMute = false));
    expect(await world.move(rules({ stallTimeoutMs: 300, deadlineMs: 60_000 }))).toBe("failed");
    expect(steps(/qmp yank$/).length).toBeGreaterThan(0);
    await expectUndone();
  }, 40_000);
});

test("a guest that writes faster to its disks than they are copied is left where it is, and cold is offered", async () => {
  sourceQemu().stream.mirrors = "standing";
  expect(await world.move(rules({}))).toBe("failed");
  expect(errorOf()?.causes?.[0]).toContain("got no nearer to their end for 300ms");
  await expectUndone();
});

describe("what was declared reaches QEMU", () => {
  test("the downtime limit, the rate of the memory and of each disk's copy, which is lifted once they are equal", async () => {
    const speeds: unknown[] = [];
    const told = sourceQemu().onCommand;
    sourceQemu().onCommand = (name, args) => {
      told(name, args);
      if (name === "blockdev-mirror" || name === "block-job-set-speed") speeds.push((args as { speed: number }).speed);
    };
    expect(await world.move(rules({ downtimeLimitMs: 77, maxBandwidthBytesPerSecond: 12_500_000 }))).toBe("succeeded");
    expect(parameters[0]).toMatchObject({ "downtime-limit": 77, "max-bandwidth": 12_500_000 });
    expect(speeds).toEqual([12_500_000, 0]);
  });

  test("a QEMU that was allowed to slow its guest down for one move is not for the next", async () => {
    expect(await world.move(rules({}))).toBe("succeeded");
    expect(capabilities).toContainEqual({ capability: "auto-converge", state: false });
  });
});

describe("a cancel before the release", () => {
  test.each([
    ["while the destination makes ready", "object-add"],
    ["while disks are copied", "blockdev-mirror"],
    ["while memory goes over", "migrate"],
    ["at the gate", "block-job-cancel"],
    ["while the last memory goes over", "migrate-continue"],
  ])("%s leaves the guest on its source and nothing on the destination", async (_when, command) => {
    onceAt(command, () => world.agent("a").agent.operations.cancel(world.moveId));
    expect(await world.move(rules({}))).toBe("cancelled");
    expect(steps(/released/)).toEqual([]);
    await expectUndone();
  });

  test("ends at once while the destination still makes ready, and it gives up when it hears", async () => {
    world.fate = (verb) => {
      if (verb === "prepareMove") setImmediate(() => world.agent("a").agent.operations.cancel(world.moveId));
      return "arrive";
    };
    expect(await world.move(rules({}))).toBe("cancelled");
    await expectUndone();
  });
});
