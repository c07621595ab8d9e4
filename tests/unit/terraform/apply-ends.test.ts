// How an apply ends when it does not end well: stopped, too slow, failed, killed. The state is true afterwards, nothing is
// deleted that held data, and the next apply finds what there is.

import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { meshNodeHandler } from "../../../provider/controller/handlers/mesh-node";
import { LeeaError } from "../../../provider/model/errors";
import { stoppedError } from "../../../provider/terraform/session/operation-end";
import { attributeName } from "../../../schema/terraform/attribute-name";
import { terraformResourceFields } from "../../../schema/terraform/terraform-fields";
import { vm } from "../../../schema/vm";
import type { FakeWorld } from "../../fakes/fake-hosts";
import { beginWork } from "../../fakes/work-under-way";
import { type Attributes, attributesOf, ResourceCalls } from "./rig/call-provider";
import { type FakeProvider, startFakeProvider } from "./rig/fake-provider";
import { SlowHosts } from "./rig/slow-hosts";

const names = Object.keys(terraformResourceFields(vm)).map(attributeName);
const way = (host: string): Attributes => ({
  ...attributesOf(["host_key", "known_hosts", "identity", "sudo", "jump", "port", "user"], {}),
  host,
});

let fake: FakeProvider;
let vms: ResourceCalls;
let slow: SlowHosts;

beforeEach(async () => {
  slow = new SlowHosts();
  fake = await startFakeProvider(["a", "b"], { between: slow.between });
  await joinHosts(fake.world, fake.folder);
  vms = new ResourceCalls(fake, "leea_vm");
  await vms.configure();
});

afterEach(() => {
  expect(fake.world.openSessions).toBe(0);
  fake.stop();
});

async function joinHosts(world: FakeWorld, folder: string): Promise<void> {
  for (const name of ["a", "b"]) {
    const peers =
      name === "a" ? [] : [{ id: world.host("a").nodeId, connection: { host: "a", port: 22, user: "root" } }];
    const declared = { owner: "o/p/s", name, connection: { host: name }, mesh: { name: "prod" }, peers };
    const { inputs } = await meshNodeHandler.check(declared, undefined, world.context(folder));
    await meshNodeHandler.create(inputs, world.context(folder), () => undefined);
  }
}

function declare(change: Attributes = {}, host = "a"): Attributes {
  return attributesOf(names, {
    name: "web",
    node: { id: fake.world.host(host).nodeId, ssh: way(host) },
    vcpus: 1,
    memory: "256MiB",
    boot: { kernel: `${fake.folder}/vmlinuz`, initrd: null, cmdline: null },
    ...change,
  });
}

/** Starts the act and stops the provider once the host has begun to work. */
async function stopDuring<T>(act: () => Promise<T>): Promise<T> {
  const hasBegun = slow.slowDown();
  const acting = act();
  await hasBegun;
  fake.provider.stop.abort(stoppedError());
  const answer = await acting;
  slow.speedUp();
  return answer;
}

const held = (host = "a") => [...fake.world.host(host).vms.values()];

test("a create that is stopped after the host took it is in the state without an error, and the next apply finds it", async () => {
  const stopped = await stopDuring(() => vms.apply(null, declare()));
  expect(stopped).toMatchObject({ errors: [], state: { name: "web", state: null, incarnation: null } });
  expect(stopped.warnings[0]).toContain("goes on");
  await vms.configure();
  const read = await vms.read(stopped.state as Attributes, stopped.private);
  expect(read.state).toMatchObject({ id: stopped.state?.["id"], state: "running", incarnation: 1 });
  const planned = await vms.plan(read.state as Attributes, declare(), read.private);
  expect(planned.planned).toEqual(read.state);
  expect(held()).toHaveLength(1);
});

test.each([
  ["a create that was stopped", "put-vm"],
  ["a crash, while its host starts it again,", "restart-vm"],
] as const)("the apply and the destroy after %s wait for what its host is still doing", async (_, kind) => {
  const made = await vms.apply(null, declare());
  const id = held()[0]?.vmId ?? "";
  for (const config of [declare(), null]) {
    await vms.configure();
    beginWork(fake.world.host("a"), id, { operationId: `earlier-${kind}`, kind });
    const read = await vms.read(made.state as Attributes, made.private);
    expect(read.state).toMatchObject({ state: "crashed" });
    const after = await vms.apply(read.state as Attributes, config, read.private);
    expect(after).toMatchObject({ errors: [], state: config === null ? null : { id, state: "running" } });
  }
  expect(held()).toEqual([]);
});

test("a move that is stopped keeps the state, and the next refresh follows the VM", async () => {
  const made = await vms.apply(null, declare());
  await vms.configure();
  const stopped = await stopDuring(() => vms.apply(made.state as Attributes, declare({}, "b"), made.private));
  expect(stopped.state).toEqual(made.state);
  expect(stopped.errors[0]).toContain("Interrupted");
  await vms.configure();
  const read = await vms.read(made.state as Attributes, made.private);
  expect(read.state).toMatchObject({ current_node: fake.world.host("b").nodeId });
  const applied = await vms.apply(read.state as Attributes, declare({}, "b"), read.private);
  expect(applied).toMatchObject({ errors: [], state: { current_node: fake.world.host("b").nodeId, generation: 2 } });
});

test("a create that is slower than its timeout is an error with what is there, so that it is tainted", async () => {
  void slow.slowDown();
  const late = await vms.apply(null, declare({ timeouts: { create: "1s", update: null, delete: null } }));
  expect(late.errors[0]).toMatch(/timeouts\.create \(1s\).*terraform untaint.*follow it to its end/s);
  expect(late.state).toMatchObject({ name: "web", state: null });
});

test("a create whose host falls silent is an error that tells how to keep what the host goes on with", async () => {
  const silence = new LeeaError({ code: "HOST_UNREACHABLE", message: "Unable to follow put-vm", hint: "Run again." });
  slow.failFollow(silence);
  const lost = await vms.apply(null, declare());
  expect(lost.errors).toEqual([expect.stringMatching(/Unable to follow put-vm\n.*terraform untaint/s)]);
  expect(lost.errors[0]).not.toContain("Run again.");
  expect(lost.state).toMatchObject({ name: "web", state: null });
});

test("what a host says of a create that failed is told, also where Terraform is stopped meanwhile", async () => {
  const failure = new LeeaError({ code: "START_FAILED", message: "Unable to start QEMU", hint: "Look at its log." });
  slow.failFollow(failure, () => fake.provider.stop.abort(stoppedError()));
  const failed = await vms.apply(null, declare());
  expect(failed.errors).toEqual([expect.stringMatching(/Unable to start QEMU\n.*makes it anew/s)]);
});

test("a disk that was not filled yet when a create was stopped is filled by the next apply", async () => {
  writeFileSync(join(fake.folder, "image.raw"), Buffer.alloc(1 << 20, 1));
  const disks = [{ name: "root", size: "10MiB", image: join(fake.folder, "image.raw") }];
  const stopped = await stopDuring(() => vms.apply(null, declare({ boot: null, disks })));
  expect(stopped.state).toMatchObject({ contents: null });
  const [vm] = held();
  if (vm === undefined) throw new Error("the host has no VM");
  const image = vm.spec.disks[0]?.image;
  expect(image).toMatch(/^[0-9a-f]{64}$/);
  fake.world.host("a").vms.set(vm.vmId, { ...vm, state: "crashed" });
  await vms.configure();
  const read = await vms.read(stopped.state as Attributes, stopped.private);
  expect(read.state?.["contents"]).toEqual([{ field: "disks.root.image", sha256: image }]);
  for (const state of [read.state, { ...read.state, contents: null }]) {
    await vms.configure();
    const next = await vms.apply(state as Attributes, declare({ boot: null, disks }), read.private);
    expect(next.errors).toEqual([]);
    expect(held()[0]?.spec.disks).toMatchObject([{ name: "root", image }]);
  }
});

test("a create that failed is deleted whatever of it is there, also where the state has no incarnation", async () => {
  const stopped = await stopDuring(() => vms.apply(null, declare()));
  await vms.configure();
  const gone = await vms.apply(stopped.state as Attributes, null, stopped.private);
  expect(gone).toMatchObject({ errors: [], state: null });
  expect(held()).toEqual([]);
});

test("what an apply that was killed had made is adopted by the next one", async () => {
  const lost = await vms.apply(null, declare());
  await vms.configure();
  const again = await vms.apply(null, declare());
  expect(again).toMatchObject({ errors: [], state: { id: lost.state?.["id"], incarnation: 2 } });
  expect(again.warnings[0]).toContain("existed already and was adopted");
  expect(held()).toHaveLength(1);
});

test("an adoption that fails leaves no state, because a taint would delete the data that was there", async () => {
  await vms.apply(null, declare());
  await vms.configure();
  void slow.slowDown();
  const failed = await vms.apply(null, declare({ timeouts: { create: "1s", update: null, delete: null } }));
  expect(failed.errors).toHaveLength(1);
  expect(failed.state).toBeNull();
  expect(held()).toHaveLength(1);
});

test("create_before_destroy adopts, and the delete of what was there before touches nothing", async () => {
  const first = await vms.apply(null, declare());
  await vms.configure();
  const second = await vms.apply(null, declare());
  const deleted = await vms.apply(first.state as Attributes, null, first.private);
  expect(deleted).toMatchObject({ errors: [], state: null });
  expect((await vms.read(second.state as Attributes, second.private)).state).toEqual(second.state);
});

test("a new VM under a name that another one had before it was renamed is refused, not adopted", async () => {
  const made = await vms.apply(null, declare());
  await vms.configure();
  const renamed = await vms.apply(made.state as Attributes, declare({ name: "web2" }), made.private);
  expect(renamed).toMatchObject({ errors: [], state: { name: "web2", id: made.state?.["id"] } });
  await vms.configure();
  const other = await vms.apply(null, declare());
  expect(other.errors[0]).toContain('calls "web2" now');
  expect(other.state).toBeNull();
});

test("two new VMs of one name are told at the plan", async () => {
  expect((await vms.plan(null, declare())).errors).toEqual([]);
  const second = await vms.plan(null, declare());
  expect(second.errors[0]).toMatch(/^name: .*\n.*for_each/);
});

test("a new VM of the name that another one has, or was born with, is told at the plan, in either order", async () => {
  const made = await vms.apply(null, declare());
  const prior = [made.state as Attributes, declare({ name: "shop" }), made.private] as const;
  for (const order of [0, 1]) {
    await vms.configure();
    const plans = [() => vms.plan(...prior), () => vms.plan(null, declare({}, "b"))];
    const [first, second] = order === 0 ? plans : plans.reverse();
    expect((await first?.())?.errors).toEqual([]);
    expect((await second?.())?.errors).toEqual([expect.stringMatching(/^name: .*\n.*another VM.*`moved`/)]);
  }
  await vms.configure();
  for (let times = 0; times < 2; times += 1) expect((await vms.plan(...prior)).errors).toEqual([]);
});

test("a replacement has the name of what it replaces, and deletes it by the names of its birth", async () => {
  const made = await vms.apply(null, declare());
  await vms.configure({ owner: "acme/shop/renamed", ssh: null, credentials: null });
  const first = await vms.plan(made.state as Attributes, declare(), made.private);
  const again = await vms.plan(null, declare(), first.private);
  expect([first.errors, again.errors]).toEqual([[], []]);
  const gone = await vms.applyPlanned(made.state as Attributes, null, again.private);
  expect(gone).toMatchObject({ errors: [], state: null });
  expect(held()).toEqual([]);
});

test("another owner of the configuration renames nothing", async () => {
  const made = await vms.apply(null, declare());
  await vms.configure({ owner: "acme/shop/other", ssh: null, credentials: null });
  const planned = await vms.plan(made.state as Attributes, declare(), made.private);
  expect(planned.planned).toEqual(made.state);
  const gone = await vms.apply(made.state as Attributes, null, made.private);
  expect(gone).toMatchObject({ errors: [], state: null });
  expect(held()).toEqual([]);
});
