// Finding what exists without a state: a host by the way to it, a VM by its name or id from any host that has or had it.

import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Values } from "../../../provider/controller/handlers/handler-context";
import { meshNodeHandler } from "../../../provider/controller/handlers/mesh-node";
import { vmHandler } from "../../../provider/controller/handlers/vm";
import { FakeWorld } from "../../fakes/fake-hosts";

const way = (host: string) => ({ host, port: 22, user: "root" });
let world: FakeWorld;
let folder: string;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "leea-look-up-"));
  writeFileSync(join(folder, "vmlinuz"), "kernel");
  world = new FakeWorld(["a", "b"]);
  for (const name of ["a", "b"]) {
    const peers = name === "a" ? [] : [{ id: world.host("a").nodeId, connection: way("a") }];
    const declared = { owner: "o/p/s", name, connection: way(name), mesh: { name: "prod" }, peers };
    const { inputs } = await meshNodeHandler.check(declared, undefined, world.context(folder));
    await meshNodeHandler.create(inputs, world.context(folder), () => undefined);
  }
});
afterEach(() => {
  expect(world.openSessions).toBe(0);
  rmSync(folder, { recursive: true });
});

async function make(change: Values = {}): Promise<{ id: string; inputs: Values; outputs: Values }> {
  const declared = {
    owner: "o/p/s",
    logicalName: "web",
    node: world.host("a").nodeId,
    nodeConnection: way("a"),
    vcpus: 1,
    memory: "256MiB",
    boot: { kernel: "./vmlinuz" },
    ...change,
  };
  const { inputs } = await vmHandler.check(declared, undefined, world.context(folder));
  return { inputs, ...(await vmHandler.create(inputs, world.context(folder), () => undefined)) };
}

test("a host is found by the way to it, with the names that it was declared with", async () => {
  const found = await meshNodeHandler.find({ connection: way("b") }, world.context());
  expect(found).toMatchObject({
    id: world.host("b").nodeId,
    state: { inputs: { owner: "o/p/s", name: "b", mesh: { name: "prod" } }, outputs: { state: "ready" } },
  });
});

test("a host is found with the folder of its disks", async () => {
  const declared = { owner: "o/p/s", name: "c", connection: way("c"), mesh: { name: "prod" }, peers: [] };
  world = new FakeWorld(["c"]);
  const { inputs } = await meshNodeHandler.check(
    { ...declared, storagePath: "/data/leea" },
    undefined,
    world.context(),
  );
  await meshNodeHandler.create(inputs, world.context(), () => undefined);
  const found = await meshNodeHandler.find({ connection: way("c") }, world.context());
  expect(found?.state.inputs).toMatchObject({ storagePath: "/data/leea" });
});

test("a host that is in no mesh is none", async () => {
  world.host("b").meshName = undefined;
  expect(await meshNodeHandler.find({ connection: way("b") }, world.context())).toBeUndefined();
});

test("a VM is found by name and by id, and declared as found it changes nothing", async () => {
  const { id, outputs } = await make();
  for (const name of ["web", id]) {
    const found = await vmHandler.find({ nodeConnection: way("a"), name }, world.context(folder));
    expect(found).toMatchObject({
      id,
      state: { inputs: { owner: "o/p/s", logicalName: "web", memory: "256MiB" }, outputs },
    });
  }
  const found = await vmHandler.find({ nodeConnection: way("a"), name: "web" }, world.context(folder));
  if (found === undefined) throw new Error("not found");
  const declared = { ...found.state.inputs, boot: { kernel: "./vmlinuz" } };
  const { inputs, problems } = await vmHandler.check(declared, found.state.inputs, world.context(folder));
  expect(problems).toEqual([]);
  const diff = await vmHandler.diff(id, found.state, inputs, world.context(folder));
  expect(diff).toEqual({ hasChanges: false, replaces: [], lines: [], equal: ["boot.kernel"] });
});

test("another kernel under the name of its content is a restart", async () => {
  const { id } = await make();
  writeFileSync(join(folder, "other"), "another kernel");
  const found = await vmHandler.find({ nodeConnection: way("a"), name: "web" }, world.context(folder));
  if (found === undefined) throw new Error("not found");
  const declared = { ...found.state.inputs, boot: { kernel: "./other" } };
  const { inputs } = await vmHandler.check(declared, found.state.inputs, world.context(folder));
  const diff = await vmHandler.diff(id, found.state, inputs, world.context(folder));
  expect(diff).toMatchObject({ hasChanges: true, lines: [expect.stringContaining("restarts")] });
});

test("several VMs of one name are told apart by their ids, with their owners", async () => {
  await make();
  const other = await make({ owner: "o/p/t" });
  const looking = vmHandler.find({ nodeConnection: way("a"), name: "web" }, world.context(folder));
  await expect(looking).rejects.toMatchObject({ code: "CONFLICT", message: expect.stringContaining("of o/p/t") });
  expect(await vmHandler.find({ nodeConnection: way("a"), name: other.id }, world.context(folder))).toMatchObject({
    id: other.id,
  });
  expect(await vmHandler.find({ nodeConnection: way("b"), name: "web" }, world.context(folder))).toBeUndefined();
});
