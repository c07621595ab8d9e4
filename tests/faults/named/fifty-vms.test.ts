// The agent dies under fifty running VMs (F2): no guest notices, none gets a second QEMU, and the agent that comes back
// knows them all. Three have a guest that can be asked; the others find nothing to boot, since fifty emulated guests would
// take a small machine's whole time. How soon the agent answers is printed, not judged.

import { isLeeaError } from "../../../provider/model/errors";
import { makeNode, makeVm } from "../../e2e/trouble/trouble-rig";
import { createVm, type TrackedVm } from "../../e2e/world/tracked-vm";
import { waitFor } from "../../e2e/world/wait-for";
import { closeWorld, openWorld, type World, withAgent } from "../../e2e/world/world";
import { findAgent, findProcesses, signalProcess } from "../world/find-processes";

jest.setTimeout(400_000);

const counts = { guests: 3, empty: 47 };
const atOnce = 4;
let world: World;

beforeAll(async () => {
  world = await openWorld("fifty", ["a"]);
  await makeNode(world, "a");
});

afterAll(() => closeWorld(world));

const numbersTo = (count: number): number[] => Array.from({ length: count }, (_, index) => index);

/** Does the work for each, a few at a time. */
async function forEach<Item>(items: readonly Item[], work: (item: Item) => Promise<void>): Promise<void> {
  const left = [...items];
  const next = async (): Promise<void> => {
    for (let item = left.shift(); item !== undefined; item = left.shift()) await work(item);
  };
  await Promise.all(Array.from({ length: atOnce }, next));
}

const qemus = (): string[] =>
  findProcesses(world.lab, "a", (argv) => argv.some((word) => word.startsWith("guest=leea-")))
    .map(({ pid, argv }) => `${pid} ${argv.find((word) => word.startsWith("guest=leea-"))}`)
    .sort();

async function killAgent(): Promise<void> {
  const dead = findAgent(world.lab, "a");
  signalProcess(dead, "SIGKILL");
  const diedAtMs = performance.now();
  const { pid } = await waitFor("the next agent", () =>
    withAgent(world, "a", (session) => session.call("getHealth", {})).catch((error: unknown) => {
      if (isLeeaError(error)) return undefined; // the connection was the dead agent's
      throw error;
    }),
  );
  process.stdout.write(`the agent answers ${Math.round(performance.now() - diedAtMs)} ms after its death\n`);
  expect(pid).not.toBe(dead);
}

test("no VM of fifty notices that its agent was killed, and the next agent has them all", async () => {
  const ids: string[] = [];
  await forEach(numbersTo(counts.empty), async (index) => {
    ids.push((await makeVm(world, `empty-${index}`, "a")).id);
  });
  const boots = new Map<TrackedVm, string>();
  for (const index of numbersTo(counts.guests)) {
    const vm = await createVm(world, `guest-${index}`, "a", { fields: { memory: "96MiB" } });
    boots.set(vm, await vm.booted("a"));
    ids.push(vm.id);
  }
  const before = qemus();
  expect(before).toHaveLength(counts.guests + counts.empty);

  await killAgent();

  await forEach(ids, async (vmId) => {
    const answer = await withAgent(world, "a", (session) => session.call("getVm", { params: { vmId } }));
    expect(answer).toMatchObject({ found: "here", report: { state: "running" } });
  });
  for (const [vm, bootId] of boots) expect((await vm.ask("a", "status")).bootId).toBe(bootId);
  expect(qemus()).toEqual(before);
});
