// Programs that want the same at once, and connections that drop: one VM, one move, one connection, and never a second of any.

import { vmHandler } from "../../provider/controller/handlers/vm";
import { migrationPhases } from "../../provider/model/migration-phase";
import { runInside } from "./enter-lab";
import { checkVm, declareVm, errorOf, makeVm } from "./trouble/trouble-rig";
import { createVm, type TrackedVm } from "./world/tracked-vm";
import { closeWorld, connectionTo, joinInARow, nodeOf, openWorld, type World, withAgent } from "./world/world";

jest.setTimeout(240_000);

/** So slow that memory takes seconds. */
const slow = { migration: { maxBandwidth: "100Mbps" } };
let world: World;
let vm: TrackedVm;
let bootId: string;

beforeAll(async () => {
  world = await openWorld("at-once", ["a", "b", "c"]);
  await joinInARow(world);
  const fields = { ...slow, disks: [{ name: "root", size: "64MiB" }] };
  vm = await createVm(world, "web", "a", { guest: "leea.write=50 leea.dirty=2 leea.ws=16", fields });
  bootId = await vm.booted("c");
});

afterAll(() => closeWorld(world));

/** Moves that a host has had as their source, by what is on its disk. */
const countMoves = async (host: string) =>
  Number(await runInside(world.lab, host, "grep -l '\"move-vm\"' /var/lib/leea/journal/*.json | wc -l"));

/** Does `act` once, when memory goes over, while the VM moves; gives how the move ended. */
async function whileMoving(host: string, act: () => Promise<unknown>): Promise<unknown> {
  let acted: Promise<unknown> | undefined;
  world.onProgress = ({ phase }) => {
    if (migrationPhases.indexOf(phase as never) >= migrationPhases.indexOf("precopy")) acted ??= act();
  };
  await vm.update(host);
  world.onProgress = () => undefined;
  expect(acted).toBeDefined();
  return acted;
}

async function expectWhole(): Promise<void> {
  await vm.wroteMore("c", 20);
  const { disks, memory } = await vm.ask("c", "verify");
  expect([disks[0]?.bad, memory.bad]).toEqual([0, 0]);
  expect((await vm.ask("c", "status")).bootId).toBe(bootId);
}

test("a second up that wants the same move joins it and reports the same, a third that wants another is refused by name", async () => {
  const known = vm.known;
  const [toB, toC] = [await vm.inputsOn("b"), await vm.inputsOn("c")];
  const both = (await whileMoving("b", () =>
    Promise.all([
      vmHandler.update(vm.id, known, toB, world.context),
      vmHandler.diff(vm.id, known, toB, world.context),
      errorOf(vmHandler.update(vm.id, known, toC, world.context)),
    ]),
  )) as [typeof known, { lines: string[] }, Error];
  const [joined, preview, refused] = both;
  expect(joined.outputs).toEqual(vm.outputs);
  expect(preview.lines.join()).toMatch(/that move is under way \(move-[0-9a-f]+-1\), and this run follows it/);
  expect(refused).toMatchObject({
    code: "NOT_ALLOWED_NOW",
    message: expect.stringMatching(/"web" is being moved to another host .*operation move-[0-9a-f]+-1, phase/),
    hint: expect.stringContaining("leea cancel web"),
  });
  expect(vm.outputs).toMatchObject({ currentNode: nodeOf(world, "b").id, generation: 2 });
  expect(await countMoves("a")).toBe(1);
  await expectWhole();
});

test("two ups that begin at the same moment are one move", async () => {
  const known = vm.known;
  const inputs = await vm.inputsOn("a");
  const ends = await Promise.all([1, 2].map(() => vmHandler.update(vm.id, known, inputs, world.context)));
  expect(ends[0]?.outputs).toEqual(ends[1]?.outputs);
  vm.known = ends[0] ?? known;
  expect(vm.outputs).toMatchObject({ currentNode: nodeOf(world, "a").id, generation: 3, state: "running" });
  expect(await countMoves("b")).toBe(1);
  await expectWhole();
});

test("a connection that drops in the middle of a move costs the move nothing, and its result is reported", async () => {
  await whileMoving("b", () =>
    // Every session of sshd on the source ends; the server itself goes on.
    runInside(world.lab, "a", "kill -9 $(pgrep -f '[s]shd: root')"),
  );
  expect(vm.outputs).toMatchObject({ currentNode: nodeOf(world, "b").id, generation: 4, state: "running" });
  expect(await countMoves("a")).toBe(2);
  await expectWhole();
});

test("the same create twice at once makes one VM, and both know it by the same id", async () => {
  const inputs = await checkVm(world, declareVm(world, "twin", "c"));
  const made = await Promise.all([1, 2].map(() => vmHandler.create(inputs, world.context, () => undefined)));
  expect(new Set(made.map(({ id }) => id)).size).toBe(1);
  const id = made[0]?.id ?? "";
  expect(await runInside(world.lab, "c", `pgrep -cf "[g]uest=leea-${id}"`)).toBe("1");
  const { vms } = await withAgent(world, "c", (session) => session.call("listVms", {}));
  expect(vms.filter(({ logicalName }) => logicalName === "twin")).toHaveLength(1);
  expect(vms.find(({ vmId }) => vmId === id)).toMatchObject({ state: "running" });
});

test("thirty creates at once go over one SSH connection", async () => {
  const { port } = connectionTo(world, "c");
  const most = { seen: 0 };
  const countConnections = async () =>
    Number(await runInside(world.lab, "c", `ss -Htn state established "( sport = :${port} )" | wc -l`));
  const names = Array.from({ length: 30 }, (_, index) => `many-${index}`);
  let isDone = false;
  const watch = (async () => {
    while (!isDone) most.seen = Math.max(most.seen, await countConnections());
  })();
  const made = await Promise.all(
    names.map((name) => makeVm(world, name, "c", { powerState: "stopped", memory: "32MiB" })),
  );
  isDone = true;
  await watch;
  expect(most.seen).toBe(1);
  expect(new Set(made.map(({ id }) => id)).size).toBe(30);
  expect(new Set(made.map(({ known }) => known.outputs["address"])).size).toBe(30);
  const { vms } = await withAgent(world, "c", (session) => session.call("listVms", {}));
  expect(vms.filter(({ logicalName }) => logicalName.startsWith("many-"))).toHaveLength(30);
});
