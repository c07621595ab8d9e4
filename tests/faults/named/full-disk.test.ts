// Storage that is full (F15), on the destination of a move, under a running guest, and under the agent's own records: a VM
// pauses and is never corrupted, new work is refused, and all goes on once there is room.

import { askGuest } from "../../../provider/cli/story/guest-link";
import { describeError, isLeeaError, type LeeaError } from "../../../provider/model/errors";
import { createVm, runInHost, type TrackedVm } from "../../e2e/world/tracked-vm";
import { findTraces, waitForNoTraces } from "../../e2e/world/vm-traces";
import { waitFor } from "../../e2e/world/wait-for";
import { closeWorld, joinInARow, nodeOf, openWorld, type World } from "../../e2e/world/world";
import { type ArmedFill, armFill, limitStorage, storage } from "../kinds/fill-storage";
import { imagePath } from "../runner/judge-run";
import { CopiesWatch } from "../watch/copies-watch";
import { converge } from "../world/converge";
import { findAgent, signalProcess } from "../world/find-processes";
import { LedgerWatch } from "../world/ledger-watch";

jest.setTimeout(180_000);

const sizeMebibytes = 160;
const fields = { memory: "96MiB", disks: [{ name: "root", size: "64MiB" }], migration: { maxBandwidth: "400Mbps" } };
let world: World;
let vm: TrackedVm;
let copies: CopiesWatch;
let ledger: LedgerWatch;
let bootId: string;

beforeAll(async () => {
  world = await openWorld("full-disk", ["a", "b"]);
  for (const host of ["a", "b"]) await limitStorage(world, host, sizeMebibytes);
  await joinInARow(world, ["a", "b"]);
  vm = await createVm(world, "web", "a", { guest: "leea.write=100 leea.dirty=2 leea.ws=8", fields });
  copies = new CopiesWatch(vm.id, () => world.lab);
  bootId = await vm.booted("b");
  ledger = new LedgerWatch(world, "b", vm.outputs.address);
  await ledger.waitForMore(200);
});

afterAll(async () => {
  copies?.stop();
  await ledger?.stop();
  await closeWorld(world);
});

/** The guest as it was: the same boot, no failed write, every acknowledged block on the disk of its host. */
async function expectWholeGuest(host: string): Promise<void> {
  const status = await askGuest(runInHost(world, "b"), vm.outputs.address, "status");
  expect(status.bootId).toBe(bootId);
  expect(status.disks[0]?.errors).toBe(0);
  expect(await ledger.compare(imagePath(world.lab, host, vm.id))).toMatchObject({ bad: 0 });
  expect(copies.findDoubleRuns()).toEqual([]);
}

// First, while most of the guest's disk has never been written to.
test("a guest whose disk finds no room stands still with its data, and goes on once there is room", async () => {
  const disks = armFill(world, "a", storage.disks);
  await disks.fill();
  await waitFor("a guest that stands still", () => copies.on("a")[0]?.status === "io-error", 60_000);
  await vm.refresh();
  expect(vm.outputs.state).not.toBe("running");
  await disks.free();
  expect(await converge(vm, "a")).toMatchObject({ converged: true });
  await ledger.waitForMore(50);
  await expectWholeGuest("a");
});

test("a destination that fills up while the disk is copied ends the move, and the guest runs on", async () => {
  const disks = armFill(world, "b", storage.disks);
  let filling: Promise<void> | undefined;
  copies.onNews = ({ host, event }) => {
    if (host === "b" && event.name === "BORN") filling ??= disks.fill();
  };
  const failure = await vm.update("b").then(
    () => "it moved",
    (error: unknown) => error,
  );
  copies.onNews = () => undefined;
  await filling;
  expect(failure).toMatchObject({ code: "MOVE_FAILED", message: expect.stringContaining("it runs on its source") });
  await ledger.waitForMore(50);
  await expectWholeGuest("a");
  await disks.free();
  await waitForNoTraces(vm, "b", 30_000);
  expect(await converge(vm, "b")).toMatchObject({ converged: true });
  await expectWholeGuest("b");
  expect(await converge(vm, "a")).toMatchObject({ converged: true });
});

describe("a full file system under the agent's records", () => {
  let state: ArmedFill;

  beforeAll(async () => {
    state = armFill(world, "a", storage.state);
    await state.fill();
  });

  test("refuses a new VM by name, leaves nothing of it, and does not touch the one that runs", async () => {
    const failure: unknown = await createVm(world, "new", "a", { fields }).catch((error: unknown) => error);
    expect(isLeeaError(failure)).toBe(true);
    expect(String(failure)).toContain("the 0 MiB free under");
    await ledger.waitForMore(50);
    await expectWholeGuest("a");
  });

  test("refuses a change with the reason, and the VM runs on as it was", async () => {
    const failure: unknown = await vm.update("a", { restart: "always" }).catch((error: unknown) => error);
    expect(isLeeaError(failure)).toBe(true);
    expect(describeError(failure as LeeaError)).toContain("ENOSPC");
    await ledger.waitForMore(50);
    await expectWholeGuest("a");
  });

  test("keeps no agent from starting, which finds the VM running", async () => {
    signalProcess(findAgent(world.lab, "a"), "SIGKILL");
    await vm.refresh();
    expect(vm.outputs).toMatchObject({ state: "running", currentNode: nodeOf(world, "a").id });
    await expectWholeGuest("a");
  });

  test("lets a new VM be made once there is room", async () => {
    await state.free();
    const made = await createVm(world, "new", "a", { fields });
    expect(made.outputs).toMatchObject({ state: "running", currentNode: nodeOf(world, "a").id });
    await made.destroy();
    expect(await findTraces(made, "a")).toEqual([]);
    await expectWholeGuest("a");
  });
});
