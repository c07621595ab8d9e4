// A move that is cancelled, or whose other side dies, before its cutover: the VM goes on running on its source as if
// nothing had been, and nothing of it stays on the destination. The tests are steps of one story, in order.

import { type GuestWatch, startWatch } from "../../provider/cli/story/guest-watch";
import { runInside } from "./enter-lab";
import { createVm, runInHost, type TrackedVm } from "./world/tracked-vm";
import { findTraces, waitForNoTraces } from "./world/vm-traces";
import { closeWorld, joinInARow, nodeOf, openWorld, type World, withAgent } from "./world/world";

jest.setTimeout(180_000);

/** So slow that memory takes seconds, and fast enough to converge. */
const slow = { migration: { maxBandwidth: "100Mbps" } };
let world: World;
let vm: TrackedVm;
let bootId: string;
let watch: GuestWatch;

beforeAll(async () => {
  world = await openWorld("broken-off", ["a", "b"]);
  await joinInARow(world, ["a", "b"]);
  const fields = { ...slow, disks: [{ name: "root", size: "64MiB" }] };
  vm = await createVm(world, "web", "a", { guest: "leea.write=50 leea.dirty=2 leea.ws=16", fields });
  bootId = await vm.booted("b");
});

afterAll(() => closeWorld(world));

beforeEach(async () => {
  watch = await startWatch(runInHost(world, "b"), vm.outputs.address, 30_000);
});

/** Moves the VM to b, does `act` once memory goes over, and gives how the move failed. */
async function breakMove(act: () => Promise<unknown>): Promise<unknown> {
  let acted: Promise<unknown> | undefined;
  world.onProgress = ({ phase }) => {
    if (phase === "precopy") acted ??= act();
  };
  const failure = await vm.update("b").then(
    () => undefined,
    (error: unknown) => error,
  );
  world.onProgress = () => undefined;
  expect(acted).toBeDefined();
  await acted;
  return failure;
}

async function expectUntouched(): Promise<void> {
  await vm.refresh();
  expect(vm.outputs).toMatchObject({ state: "running", currentNode: nodeOf(world, "a").id, generation: 1 });
  await vm.wroteMore("b", 20);
  const report = await watch.stop();
  expect(report.connectionAlive).toBe(true);
  const { disks, memory } = await vm.ask("b", "verify");
  expect([disks[0]?.bad, memory.bad]).toEqual([0, 0]);
  expect((await vm.ask("b", "status")).bootId).toBe(bootId);
}

test("a move that is cancelled leaves the VM on its source and nothing on its destination", async () => {
  const failure = await breakMove(() =>
    withAgent(world, "a", async (session) => {
      const answer = await session.call("getVm", { params: { vmId: vm.id } });
      if (answer.found !== "here") throw new Error("the VM is not on a");
      const { operationId, state } = answer.report;
      expect(state).toBe("moving");
      await session.call("cancelOperation", { params: { operationId: operationId ?? "none" } });
    }),
  );
  expect(failure).toMatchObject({ code: "CANCELLED" });
  await expectUntouched();
  await waitForNoTraces(vm, "b", 30_000);
});

test("a QEMU killed on the destination does the same", async () => {
  const failure = await breakMove(async () => {
    const qemu = (await findTraces(vm, "b")).find((line) => line.startsWith("qemu: "));
    await runInside(world.lab, "b", `kill -9 ${Number(/\d+/.exec(qemu ?? "")?.[0])}`);
  });
  expect(failure).toMatchObject({ code: "MOVE_FAILED", message: expect.stringContaining("it runs on its source") });
  await expectUntouched();
  await waitForNoTraces(vm, "b", 30_000);
});

test("an agent killed on the destination does the same, once it is started again", async () => {
  const failure = await breakMove(async () => {
    const { pid } = await withAgent(world, "b", (session) => session.call("getHealth", {}));
    await runInside(world.lab, "b", `kill -9 ${pid}`);
  });
  expect(failure).toMatchObject({ code: "MOVE_FAILED" });
  await expectUntouched();
  await withAgent(world, "b", (session) => session.call("getHealth", {}));
  await waitForNoTraces(vm, "b", 30_000);
});

test("after all that the VM moves as it was told to", async () => {
  await vm.update("b");
  expect(vm.outputs).toMatchObject({ currentNode: nodeOf(world, "b").id, state: "running" });
  await vm.wroteMore("a", 20);
  expect((await watch.stop()).connectionAlive).toBe(true);
  const { disks, memory } = await vm.ask("a", "verify");
  expect([disks[0]?.bad, memory.bad]).toEqual([0, 0]);
  expect((await vm.ask("a", "status")).bootId).toBe(bootId);
});
