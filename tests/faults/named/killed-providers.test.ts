// The provider is killed (kill -9) at each point of a VM's create and delete: after each of its own acts, and while the host
// passes each of its points (F17). What it began ends without it, and the next run makes it whole: one VM, or nothing.

import type { KnownState } from "../../../provider/controller/handlers/handler-context";
import { makeNode } from "../../e2e/trouble/trouble-rig";
import { waitFor } from "../../e2e/world/wait-for";
import { closeWorld, openWorld, type World } from "../../e2e/world/world";
import { type Deed, type LifeEnd, startLife } from "../lives/provider-life";
import { type VmLife, vmWithImage } from "../lives/vm-life";
import { createPoints, deletePoints, LifeMoments, type LifePoint } from "../world/life-moments";

jest.setTimeout(120_000);

const createActs = [
  "open 1",
  "getVm 1",
  "uploadImage 1",
  "getOperation 1",
  "checkVm 1",
  "putVm 1",
  "follow 1",
  "getVm 2",
];
const deleteActs = ["open 1", "getVm 1", "getOperation 1", "deleteVm 1", "follow 1"];

let world: World;
let vm: VmLife;
let clean: readonly string[];
let writeImage: () => void;

beforeAll(async () => {
  world = await openWorld("killed-providers", ["a"]);
  await makeNode(world, "a");
  ({ vm, writeImage } = vmWithImage(world, "a"));
});

afterAll(() => closeWorld(world));

afterEach(() => vm.clear());

// Another image each time, so that each create has one to send.
beforeEach(() => writeImage());

async function createDeed(): Promise<Deed> {
  return { type: "VM", verb: "create", inputs: await vm.inputs() };
}

/** Starts the deed in a provider that is killed when the host passes the point. */
async function killAt(point: LifePoint, deed: Deed): Promise<LifeEnd> {
  const copies = vm.watch();
  const life = startLife(world, deed);
  const moments = new LifeMoments({ world, host: "a", vmId: vm.id, copies }, (passed) => {
    if (passed === point) life.kill();
  });
  try {
    const end = await life.ended;
    await waitFor(`the point ${point}`, () => moments.passed.includes(point));
    return end;
  } finally {
    moments.stop();
    copies.stop();
  }
}

/** The next run of a create that was killed: the one VM as it always is, and nothing of it once it is deleted. */
async function expectOne(): Promise<void> {
  const known = await vm.expectMadeWhole(vm.watch());
  expect(await vm.describe(known)).toEqual(clean);
  await expectNone(known);
}

async function expectNone(known: KnownState): Promise<void> {
  await vm.delete(known);
  await vm.expectNothing(known);
}

test("these are all the acts of a create and of a delete", async () => {
  const created = await startLife(world, await createDeed()).ended;
  expect(created).toEqual({ acts: createActs, end: "done" });
  const known = await vm.create();
  clean = await vm.describe(known);
  expect(clean.join("\n")).toMatch(/dnsmasq: .*file: .*link: .*qemu: .*route: .*rule: /s);
  const deleted = await startLife(world, { type: "VM", verb: "delete", id: vm.id, known }).ended;
  expect(deleted).toEqual({ acts: deleteActs, end: "done" });
  await vm.expectNothing(known);
});

test.each(createActs)("a create whose provider dies after its %s is made whole by the next one", async (act) => {
  expect((await startLife(world, await createDeed(), act).ended).end).toBe("killed");
  await expectOne();
});

test.each(["upload" as const, ...createPoints])(
  "a create whose provider dies at its host's %s is made whole by the next one",
  async (point) => {
    const { end } = await killAt(point, await createDeed());
    // When the host's last point is seen, the provider may have heard of the end already.
    expect(point === "resumed" ? "killed" : end).toBe("killed");
    await expectOne();
  },
);

test.each(deleteActs)("a delete whose provider dies after its %s is ended by the next one", async (act) => {
  const known = await vm.create();
  const { end } = await startLife(world, { type: "VM", verb: "delete", id: vm.id, known }, act).ended;
  expect(end).toBe("killed");
  await expectNone(known);
});

test.each(deletePoints)("a delete whose provider dies at its host's %s is ended by the next one", async (point) => {
  const known = await vm.create();
  await killAt(point, { type: "VM", verb: "delete", id: vm.id, known });
  await expectNone(known);
});
