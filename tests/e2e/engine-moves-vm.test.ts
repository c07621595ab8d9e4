// The example program under the real Pulumi engine: up, a second up without changes, preview of a move that touches nothing,
// the move, refresh, a move by hand, one whose engine is killed, and a destroy that leaves nothing. The tests are steps of one story, in
// order. An engine that is killed elsewhere: tests/faults/named/engine.test.ts.

import { snapshotHost } from "../../provider/cli/lab/lab";
import { askGuest } from "../../provider/cli/story/guest-link";
import type { MoveResult } from "../../provider/protocol/vm";
import { atPhase } from "./world/at-phase";
import { killTree, waitForEnd } from "./world/kill-tree";
import { runInStack } from "./world/leea-command";
import { makeStack, type PulumiStack } from "./world/pulumi-stack";
import { runInHost } from "./world/tracked-vm";
import { waitFor } from "./world/wait-for";
import { closeWorld, openWorld, type World, withAgent } from "./world/world";

jest.setTimeout(300_000);

const hosts = ["a", "b", "c"];
let world: World;
let stack: PulumiStack;
let before: string[];
let first: Record<string, unknown>;
let bootId: string;

const snapshots = () => Promise.all(hosts.map((host) => snapshotHost(world.lab, host)));

beforeAll(async () => {
  world = await openWorld("engine", hosts);
  before = await snapshots();
  stack = await makeStack({ labFile: `${world.lab.directory}/lab.json` });
});

afterAll(async () => {
  await closeWorld(world);
  stack?.drop();
});

const statusFrom = (host: string) => askGuest(runInHost(world, host), String(first["address"]), "status", 2_000);

test("up makes three hosts and a VM, shown as leea's own kinds", async () => {
  const said = await stack.run("up", "--yes", "--skip-preview");
  for (const resource of ["MeshNode a", "MeshNode b", "MeshNode c", "VM web"]) {
    expect(said).toContain(`leea:${resource} created`);
  }
  first = await stack.outputs();
  expect(first).toMatchObject({ state: "running", currentNode: expect.stringMatching(/^a-/) });
  const answer = () => statusFrom("c").catch(() => undefined); // not booted yet
  ({ bootId } = await waitFor("the guest", answer, 90_000));
});

test("a second up and a refresh find no changes", async () => {
  await stack.run("up", "--yes", "--skip-preview", "--expect-no-changes");
  await stack.run("refresh", "--yes", "--skip-preview", "--expect-no-changes");
});

test("preview of another placement says that the VM moves live, and touches nothing", async () => {
  await stack.run("config", "set", "placement", "b");
  const said = await stack.run("preview");
  expect(said).toMatch(/web: moves live from a to b, because node changed/);
  expect(said).toMatch(/1 to update/);
  expect(said).not.toMatch(/to replace|to delete|to create/);
  expect(await stack.outputs()).toEqual(first);
});

test("up moves it with the guest running on, and reports the move", async () => {
  await stack.run("up", "--yes", "--skip-preview");
  expect(await stack.outputs()).toMatchObject({
    address: first["address"],
    currentNode: expect.stringMatching(/^b-/),
    state: "running",
    lastMigration: { mode: "live", from: first["currentNode"], downtimeMs: expect.any(Number) },
  });
  expect((await statusFrom("c")).bootId).toBe(bootId);
});

test("an up and a refresh after the move find no changes", async () => {
  await stack.run("up", "--yes", "--skip-preview", "--expect-no-changes");
  await stack.run("refresh", "--yes", "--skip-preview", "--expect-no-changes");
});

describe("the leea command in the program's folder", () => {
  test("finds hosts and VMs without a word of where they are", async () => {
    const report = await waitFor("hosts that are well", async () => {
      const { out } = await runInStack(stack, ["status", "--json"]);
      const seen = JSON.parse(out) as {
        well: boolean;
        nodes: { name: string; state: string }[];
        vms: { name: string; node: string }[];
      };
      return seen.well ? seen : undefined;
    });
    expect(report.nodes.map(({ name, state }) => `${name} ${state}`)).toEqual(["a ready", "b ready", "c ready"]);
    expect(report.vms).toMatchObject([{ name: "web", node: "b" }]);
  });

  test("moves by hand, brings the VM's boot files itself and says what the program will do", async () => {
    const moved = await runInStack(stack, ["move", "web", "a"]);
    expect(moved).toMatchObject({ status: 0, out: expect.stringMatching(/^web moved from b to a: live/) });
    expect(moved.err).toContain("Its program declares b: declare a to keep web there");
  });

  test("the next preview says that the VM moves back, and up does it", async () => {
    expect(await stack.run("preview", "--refresh")).toMatch(
      /web: moves live from a to b, because it is on a-\w+ and declared on b-\w+/,
    );
    await stack.run("up", "--yes", "--skip-preview", "--refresh");
    expect(await stack.outputs()).toMatchObject({ currentNode: expect.stringMatching(/^b-/), state: "running" });
    const { out } = await runInStack(stack, ["why", "web", "--json"]);
    const { decisions } = JSON.parse(out) as { decisions: { decision: string }[] };
    expect(decisions.filter(({ decision }) => decision === "taken-over")).toHaveLength(3);
  });
});

test("an engine that is killed in the cutover leaves the move to the source, and the next up reports its result", async () => {
  const { vms } = await withAgent(world, "b", (session) => session.call("listVms", {}));
  const vmId = vms[0]?.vmId ?? "none";
  await stack.run("config", "set", "placement", "a");
  const engine = stack.start("up", "--yes", "--skip-preview");
  const operationId = await atPhase(world, { host: "b", vmId, phase: "cutover" }, () => killTree(engine));
  await waitForEnd(engine);
  await stack.unlock();
  await stack.run("up", "--yes", "--skip-preview");
  const ended = await withAgent(world, "b", (session) => session.call("getOperation", { params: { operationId } }));
  const lastMigration = (ended.result as MoveResult).figures;
  expect(await stack.outputs()).toMatchObject({ state: "running", lastMigration });
  expect((await statusFrom("c")).bootId).toBe(bootId);
  await stack.run("preview", "--expect-no-changes");
});

test("destroy leaves each host as it was before", async () => {
  await stack.run("destroy", "--yes", "--skip-preview");
  expect(await snapshots()).toEqual(before);
});
