// The example program under the real Pulumi engine: up, a second up without changes, preview of a move that touches
// nothing, the move, refresh, and a destroy that leaves nothing. The tests are steps of one story, in order.

import { snapshotHost } from "../../provider/cli/lab/lab";
import { askGuest } from "../../provider/cli/story/guest-link";
import { makeStack, type PulumiStack } from "./world/pulumi-stack";
import { runInHost } from "./world/tracked-vm";
import { waitFor } from "./world/wait-for";
import { closeWorld, openWorld, type World } from "./world/world";

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

test("destroy leaves each host as it was before", async () => {
  await stack.run("destroy", "--yes", "--skip-preview");
  expect(await snapshots()).toEqual(before);
});
