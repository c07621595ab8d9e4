// The agent dies under fifty running guests (F2): no guest notices, none gets a second QEMU, and the agent that comes back
// knows them all. How soon it answers is printed, not judged.

import { isLeeaError } from "../../../provider/model/errors";
import { makeNode } from "../../e2e/trouble/trouble-rig";
import { createVm, type TrackedVm } from "../../e2e/world/tracked-vm";
import { waitFor } from "../../e2e/world/wait-for";
import { closeWorld, openWorld, type World, withAgent } from "../../e2e/world/world";
import { type FoundProcess, findAgent, findProcesses, signalProcess } from "../world/find-processes";

jest.setTimeout(600_000);

const count = 50;
const atOnce = 3;
const small = { memory: "64MiB", disks: [{ name: "root", size: "1MiB" }] };
let world: World;
const vms: TrackedVm[] = [];

beforeAll(async () => {
  world = await openWorld("fifty", ["a"]);
  await makeNode(world, "a");
});

afterAll(() => closeWorld(world));

/** Does the work for each, a few at a time: guests boot by computing here. */
async function forEach<Item>(items: readonly Item[], work: (item: Item) => Promise<void>): Promise<void> {
  const left = [...items];
  const one = async (): Promise<void> => {
    for (let item = left.shift(); item !== undefined; item = left.shift()) await work(item);
  };
  await Promise.all(Array.from({ length: atOnce }, one));
}

const isQemu = (argv: readonly string[]): boolean =>
  vms.some(({ id }) => argv.some((word) => word.includes(`guest=leea-${id}`)));
const pidsOf = (found: readonly FoundProcess[]): number[] =>
  found.map(({ pid }) => pid).sort((one, other) => one - other);
const qemus = (): number[] => pidsOf(findProcesses(world.lab, "a", isQemu));

test("no guest of fifty notices that its agent was killed, and the next agent has them all", async () => {
  const boots = new Map<string, string>();
  await forEach([...Array(count).keys()], async (index) => {
    const vm = await createVm(world, `small-${index}`, "a", { fields: small });
    vms.push(vm);
    boots.set(vm.id, await vm.booted("a"));
  });
  const before = qemus();
  expect(before).toHaveLength(count);

  const dead = findAgent(world.lab, "a");
  signalProcess(dead, "SIGKILL");
  const diedAtMs = performance.now();
  const health = await waitFor("the next agent", () =>
    withAgent(world, "a", (session) => session.call("getHealth", {})).catch((error: unknown) => {
      if (isLeeaError(error)) return undefined; // the connection was the dead agent's
      throw error;
    }),
  );
  process.stdout.write(
    `agent answers ${Math.round(performance.now() - diedAtMs)} ms after it was killed under ${count} guests\n`,
  );
  expect(health.pid).not.toBe(dead);

  await forEach(vms, async (vm) => {
    const answer = await withAgent(world, "a", (session) => session.call("getVm", { params: { vmId: vm.id } }));
    expect(answer).toMatchObject({ found: "here", report: { state: "running" } });
    expect((await vm.ask("a", "status")).bootId).toBe(boots.get(vm.id));
  });
  expect(qemus()).toEqual(before);
});
