// The agent dies at every synced write, every start of a daemon and every removal of a VM's create and delete (F1), and its
// QEMU is killed in the midst of a create. Two runs at most make one VM of it, or nothing.

import { makeNode } from "../../e2e/trouble/trouble-rig";
import { waitFor } from "../../e2e/world/wait-for";
import { closeWorld, openWorld, type World } from "../../e2e/world/world";
import { type AgentPoint, carryDyingAgent, endPlan, planDeath, pointsOf, whileDying } from "../lives/dying-agent";
import { type VmLife, vmWithImage } from "../lives/vm-life";
import type { CopiesWatch } from "../watch/copies-watch";
import { signalProcess } from "../world/find-processes";
import { LifeMoments } from "../world/life-moments";

jest.setTimeout(120_000);

const createPoints: readonly AgentPoint[] = [
  "before sync images 1",
  "before sync journal 1",
  "before sync records 1",
  "before sync net 1",
  "after remove run/net 1",
  "after start dnsmasq 1",
  "after start qemu-system-x86_64 1",
  "before sync records 2",
  "before sync journal 2",
  "after sync journal 2",
];
const deletePoints: readonly AgentPoint[] = [
  "before sync journal 1",
  "before sync records 1",
  "after remove run/owned 1",
  "after remove run/net 1",
  "after remove run/net 2",
  "after remove run/net 3",
  "after remove run/net 4",
  "after remove run/net 5",
  "after remove run/net 6",
  "after remove net 1",
  "after remove run/net 7",
  "after remove vm 1",
  "after remove run/vm 1",
  "after remove vm-log 1",
  "before sync records 2",
  "before sync journal 2",
  "after sync journal 2",
];

let world: World;
let vm: VmLife;
let clean: readonly string[];
let writeImage: () => void;

beforeAll(async () => {
  carryDyingAgent();
  world = await openWorld("killed-agents", ["a"]);
  await makeNode(world, "a");
  ({ vm, writeImage } = vmWithImage(world, "a"));
});

afterAll(() => closeWorld(world));

afterEach(() => vm.clear());

beforeEach(() => writeImage());

/** Under a watch of all its QEMUs. */
async function dieAt(point: AgentPoint, act: () => Promise<unknown>): Promise<CopiesWatch> {
  const copies = vm.watch();
  await whileDying(world, { host: "a", point }, act);
  return copies;
}

async function expectOne(copies: CopiesWatch): Promise<void> {
  const known = await vm.expectMadeWhole(copies);
  expect(await vm.describe(known)).toEqual(clean);
  await vm.delete(known);
  await vm.expectNothing(known);
}

async function listPoints(act: () => Promise<unknown>): Promise<readonly string[]> {
  planDeath(world, "a", "nowhere");
  await act();
  return pointsOf(endPlan(world, "a").passed);
}

test("these are all the points of a create and of a delete", async () => {
  // The first create of a host probes its QEMU as well, and keeps what it found.
  await vm.delete(await vm.create());
  writeImage();
  expect(await listPoints(() => vm.create())).toEqual(createPoints);
  const known = await vm.create();
  clean = await vm.describe(known);
  expect(await listPoints(() => vm.delete(known))).toEqual(deletePoints);
  await vm.expectNothing(known);
});

test.each(createPoints)("a create whose agent dies %s ends in one VM when it is run again", async (point) => {
  await expectOne(await dieAt(point, () => vm.create()));
});

test.each(deletePoints)("a delete whose agent dies %s ends in nothing when it is run again", async (point) => {
  const known = await vm.create();
  const copies = await dieAt(point, () => vm.delete(known));
  copies.stop();
  await vm.delete(known);
  await vm.expectNothing(known);
});

test.each(["born", "mark", "resumed"] as const)(
  "a create whose QEMU is killed at its %s ends in one VM when it is run again",
  async (point) => {
    const copies = vm.watch();
    let killed = 0;
    const moments = new LifeMoments({ world, host: "a", vmId: vm.id, copies }, (passed) => {
      if (passed !== point) return;
      for (const pid of copies.pidsOn("a")) {
        killed += 1;
        signalProcess(pid, "SIGKILL");
      }
    });
    await vm.create().catch(() => vm.create());
    await waitFor(`the point ${point}`, () => moments.passed.includes(point));
    moments.stop();
    expect(killed).toBe(1);
    await expectOne(copies);
  },
);
