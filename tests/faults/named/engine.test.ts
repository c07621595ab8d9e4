// Faults under the real Pulumi engine: what it keeps in its state must find the VM again, whoever died. The engine with its
// provider is killed in a create, a move and a destroy, and the source's agent in a move. Steps of one story, in order.

import type { ChildProcess } from "node:child_process";
import { snapshotHost } from "../../../provider/cli/lab/lab";
import { askGuest } from "../../../provider/cli/story/guest-link";
import type { MoveResult } from "../../../provider/protocol/vm";
import { runInside } from "../../e2e/enter-lab";
import { atPhase } from "../../e2e/world/at-phase";
import { killTree, waitForEnd } from "../../e2e/world/kill-tree";
import { makeStack, type PulumiStack } from "../../e2e/world/pulumi-stack";
import { runInHost } from "../../e2e/world/tracked-vm";
import { waitFor } from "../../e2e/world/wait-for";
import { closeWorld, openWorld, type World, withAgent } from "../../e2e/world/world";
import { imagePath } from "../runner/judge-run";
import { CopiesWatch } from "../watch/copies-watch";
import { type FaultHost, otherHost } from "../world/fault-world";
import { findAgent, findProcesses, signalProcess } from "../world/find-processes";
import { LedgerWatch } from "../world/ledger-watch";
import { LifeMoments } from "../world/life-moments";
import { Moments } from "../world/moments";

jest.setTimeout(300_000);

const hosts = ["a", "b", "c"];
const up = ["up", "--yes", "--skip-preview"];
const engines: ChildProcess[] = [];
let world: World;
let before: readonly string[];
let stack: PulumiStack;
let copies: CopiesWatch;
let ledger: LedgerWatch;
let vmId: string;
let address: string;
let bootId: string;

beforeAll(async () => {
  world = await openWorld("engine-faults", hosts);
  before = await snapshots();
  stack = await makeStack({ labFile: `${world.lab.directory}/lab.json` });
});

afterAll(async () => {
  copies?.stop();
  await ledger?.stop();
  await closeWorld(world);
  stack?.drop();
});

// One that a failed test left would hold the stack.
afterEach(async () => {
  for (const engine of engines.splice(0).filter(({ exitCode, signalCode }) => exitCode === null && signalCode === null))
    await killEngine(engine);
});

const snapshots = () => Promise.all(hosts.map((host) => snapshotHost(world.lab, host)));
const status = () => askGuest(runInHost(world, "c"), address, "status", 2_000);

/** The QEMUs of the program's VM on a host: pid and VM. */
function findQemus(host: FaultHost): readonly { readonly pid: number; readonly vmId: string }[] {
  const guest = /guest=leea-([a-z2-7]+)/;
  return findProcesses(world.lab, host, (argv) => /qemu-system/.test(argv[0] ?? "") && guest.test(argv.join(" "))).map(
    ({ pid, argv }) => ({ pid, vmId: guest.exec(argv.join(" "))?.[1] ?? "" }),
  );
}

/** Moves that the hosts have begun, by what is on their disks. */
async function countMoves(): Promise<number> {
  const count = "grep -l '\"move-vm\"' /var/lib/leea/journal/*.json | wc -l";
  const counts = await Promise.all(["a", "b"].map((host) => runInside(world.lab, host, count)));
  return counts.map(Number).reduce((sum, each) => sum + each, 0);
}

/** Declares the VM on the other of a and b; gives where it is and where it is to be. */
async function declareElsewhere(): Promise<{ readonly from: FaultHost; readonly to: FaultHost }> {
  copies.begin();
  const from = findQemus("a").length > 0 ? "a" : "b";
  const to = otherHost(from);
  await stack.run("config", "set", "placement", to);
  return { from, to };
}

function startEngine(...words: readonly string[]): ChildProcess {
  const engine = stack.start(...words);
  engines.push(engine);
  return engine;
}

/** Kills the engine with all that it started, and takes the lock from it as a person would. */
async function killEngine(engine: ChildProcess): Promise<void> {
  killTree(engine);
  await waitForEnd(engine);
  await stack.unlock();
}

/** The one guest, with all its acknowledged blocks, where the program says; and the engine finds no more to do. */
async function expectOn(host: FaultHost): Promise<void> {
  expect(await stack.outputs()).toMatchObject({ state: "running", currentNode: expect.stringMatching(`^${host}-`) });
  await stack.run("preview", "--expect-no-changes");
  expect((await status()).bootId).toBe(bootId);
  await ledger.waitForMore(10);
  const image = imagePath(world.lab, host, vmId).replace("root.raw", "data.raw");
  expect(await ledger.compare(image)).toMatchObject({ bad: 0 });
  expect([copies.findDoubleRuns(), copies.flaws]).toEqual([[], []]);
  expect(findQemus(otherHost(host))).toEqual([]);
}

test("an engine that is killed while the VM is born: the next up takes the VM that its host has made", async () => {
  const engine = startEngine(...up);
  const born = await waitFor("the VM", () => findQemus("a")[0], 90_000);
  await killEngine(engine);
  vmId = born.vmId;
  copies = new CopiesWatch(vmId, () => world.lab);
  await stack.run(...up);
  expect(findQemus("a")).toEqual([born]);
  address = String((await stack.outputs())["address"]);
  ({ bootId } = await waitFor("the guest", () => status().catch(() => undefined), 90_000));
  ledger = new LedgerWatch(world, "c", address);
  await ledger.waitForMore(50);
  await expectOn("a");
});

test.each(["prepare", "mirror", "precopy", "cutover", "finish"])(
  "an engine that is killed in the phase %s of a move leaves it to the source, and the next up reports the same result",
  async (phase) => {
    const { from, to } = await declareElsewhere();
    const moved = await countMoves();
    const engine = startEngine(...up);
    const operationId = await atPhase(world, { host: from, vmId, phase }, () => killTree(engine));
    await killEngine(engine);
    await stack.run(...up);
    const ended = await withAgent(world, from, (session) => session.call("getOperation", { params: { operationId } }));
    expect(ended).toMatchObject({ state: "succeeded" });
    expect(await stack.outputs()).toMatchObject({ lastMigration: (ended.result as MoveResult).figures });
    expect(await countMoves()).toBe(moved + 1);
    await expectOn(to);
  },
);

test("the source's agent that is killed at the gate of a move: two ups at most move the VM", async () => {
  const { from, to } = await declareElsewhere();
  const agent = findAgent(world.lab, from);
  const moments = new Moments({ world, copies, vm: { id: vmId } }, from, (moment) => {
    if (moment === "gate") signalProcess(agent, "SIGKILL");
  });
  await stack.run(...up).catch(() => stack.run(...up));
  moments.stop();
  expect(moments.passed).toContain("gate");
  expect(findAgent(world.lab, from)).not.toBe(agent);
  await expectOn(to);
});

test("an engine that is killed in a destroy: the next one leaves each host as it was before", async () => {
  const engine = startEngine("destroy", "--yes", "--skip-preview");
  const host = findQemus("a").length > 0 ? "a" : "b";
  const moments = new LifeMoments({ world, host, vmId, copies }, (point) => {
    if (point === "tombstone") killTree(engine);
  });
  await waitFor("the VM's deletion", () => moments.passed.includes("tombstone"), 120_000);
  moments.stop();
  await killEngine(engine);
  await stack.run("destroy", "--yes", "--skip-preview");
  expect(await snapshots()).toEqual(before);
});
