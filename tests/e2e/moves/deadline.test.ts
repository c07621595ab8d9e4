// Live moves that do not end by themselves, on real QEMU: a guest that writes memory faster than the way may carry, at
// the deadline's three ways, and cancels while disks and while memory go over. Steps of one story, in order.

import type { MigrationPhase } from "../../../provider/model/migration-phase";
import type { Progress } from "../../../provider/protocol/operation";
import { createVm, type TrackedVm } from "../world/tracked-vm";
import { waitForNoTraces } from "../world/vm-traces";
import { closeWorld, joinInARow, nodeOf, openWorld, type World, withAgent } from "../world/world";

jest.setTimeout(240_000);

/** 12.5 MB/s for a guest that writes 40 MiB/s: it never converges by itself. */
const narrow = { maxBandwidth: "100Mbps" };
let world: World;
let vm: TrackedVm;
let bootId: string;
let reports: Progress[] = [];

beforeAll(async () => {
  world = await openWorld("deadline", ["a", "b"]);
  await joinInARow(world, ["a", "b"]);
  vm = await createVm(world, "web", "a", {
    guest: "leea.write=50 leea.dirty=40 leea.ws=24",
    fields: { disks: [{ name: "root", size: "64MiB" }] },
  });
  bootId = await vm.booted("b");
  await vm.wroteMore("b", 50);
});

afterAll(() => closeWorld(world));

/** Moves as declared, calls `act` once at the first report of `phase`, and gives how the move failed, if it did. */
async function move(
  to: string,
  migration: object,
  phase?: MigrationPhase,
  act?: () => Promise<unknown>,
): Promise<unknown> {
  reports = [];
  let acted: Promise<unknown> | undefined;
  world.onProgress = (progress) => {
    reports.push(progress);
    if (progress.phase === phase) acted ??= act?.();
  };
  const failure = await vm.update(to, { migration }).then(
    () => undefined,
    (error: unknown) => error,
  );
  world.onProgress = () => undefined;
  await acted;
  await vm.refresh();
  return failure;
}

async function cancel(host: string): Promise<void> {
  await withAgent(world, host, async (session) => {
    const answer = await session.call("getVm", { params: { vmId: vm.id } });
    if (answer.found !== "here") throw new Error(`the VM is not on ${host}`);
    await session.call("cancelOperation", { params: { operationId: answer.report.operationId ?? "none" } });
  });
}

/** The guest goes on, on this host alone, with its memory and every acknowledged block. */
async function expectWhole(host: string, other: string): Promise<void> {
  expect(vm.outputs).toMatchObject({ state: "running", currentNode: nodeOf(world, host).id });
  await vm.wroteMore(other, 20);
  const { disks, memory } = await vm.ask(other, "verify");
  expect([disks[0]?.bad, memory.bad]).toEqual([0, 0]);
  expect((await vm.ask(other, "status")).bootId).toBe(bootId);
  await waitForNoTraces(vm, other, 30_000);
}

test("at the deadline the guest goes on where it is, and the error says how much too fast it writes", async () => {
  const failure = await move("b", { ...narrow, deadline: "6s" });
  expect(failure).toMatchObject({
    code: "MOVE_FAILED",
    cause: expect.objectContaining({
      message: expect.stringMatching(/not across to b after 6s: it writes \d+MiB\/s and \d+MiB\/s go over/),
    }),
  });
  const sent = reports.filter(({ phase }) => phase === "precopy");
  expect(sent.at(-1)).toMatchObject({ bytesDone: expect.any(Number), bytesTotal: expect.any(Number) });
  expect(
    sent.some(({ bytesPerSecond = 0, secondsLeft }) => bytesPerSecond > 2 ** 20 && secondsLeft !== undefined),
  ).toBe(true);
  await expectWhole("a", "b");
});

test.each([
  ["while its disks are copied", "mirror"],
  ["while its memory goes over", "precopy"],
] as const)("a cancel %s leaves it where it is, and nothing on the other host", async (_when, phase) => {
  // So slow that the 64 MiB disk takes seconds: the rate is the disks' too.
  const failure = await move("b", { maxBandwidth: phase === "mirror" ? "10Mbps" : "100Mbps" }, phase, () =>
    cancel("a"),
  );
  expect(failure).toMatchObject({ code: "CANCELLED" });
  expect(reports.some((report) => report.phase === "precopy")).toBe(phase === "precopy");
  await expectWhole("a", "b");
});

test("onDeadline stop pauses it for the rest, and it goes on there with nothing lost", async () => {
  expect(await move("b", { ...narrow, deadline: "5s", onDeadline: "stop" })).toBeUndefined();
  expect(vm.outputs.lastMigration).toMatchObject({ mode: "live" });
  // The rest of a working set of 24 MiB at 12.5 MB/s: far more than any ordinary pause.
  expect(vm.outputs.lastMigration?.downtimeMs).toBeGreaterThan(200);
  expect(reports.some(({ message }) => message?.includes("paused until the rest is sent") === true)).toBe(true);
  await expectWhole("b", "a");
});

test("onDeadline auto-converge slows it down until it fits, and it goes on there with nothing lost", async () => {
  // Almost all that one emulated processor can write, so that slowing it down is felt.
  await vm.ask("a", "dirty 200 24");
  const wider = { maxBandwidth: "160Mbps", deadline: "30s", onDeadline: "auto-converge" };
  expect(await move("a", wider)).toBeUndefined();
  expect(reports.some(({ message }) => /slowed down by [2-9]\d %/.test(message ?? ""))).toBe(true);
  await expectWhole("a", "b");
});
