// The whole way from a stack's state to our code: Pulumi's own dynamic provider process is fed with the stub's serialized
// text, as the engine feeds it. Needs the provider's bundle, which `npm test` builds first.

import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runtime } from "@pulumi/pulumi";
import { unknownValue } from "../../../provider/model/inputs/unknown-value";
import { type DynamicProviderProcess, startDynamicProvider } from "./dynamic-provider-process";

const root = join(__dirname, "../../..");
const makeForwarder = require(join(root, "sdk/pulumi/forwarder.js")) as (type: string) => object;
const noChange = 1;
const someChange = 2;

// Starting Node and loading Pulumi's SDK takes seconds on a busy machine.
jest.setTimeout(60_000);

let folder: string;
let engine: DynamicProviderProcess;
const stubs: Record<string, string> = {};

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "leea-program-"));
  symlinkSync(join(root, "node_modules"), join(folder, "node_modules"));
  writeFileSync(join(folder, "vmlinuz"), "kernel");
  for (const type of ["VM", "MeshNode", "GpuPartition"]) {
    const provider = makeForwarder(type);
    stubs[type] = (await runtime.serializeFunction(() => provider)).text;
  }
  engine = await startDynamicProvider(folder);
  await engine.configure({ "leea:credentials": '{"main": "not a real key"}' });
});
afterAll(async () => {
  await engine.stop();
  rmSync(folder, { recursive: true });
});

const declared = (change: object = {}) => ({
  __provider: stubs["VM"],
  owner: "o/p/s",
  logicalName: "web",
  name: "web",
  node: "a-aaaaaaaa",
  // Nothing listens there: what must not reach a host would fail.
  nodeConnection: { host: "127.0.0.1", port: 1, hostKey: "ssh-ed25519 AAAA" },
  vcpus: 1,
  memory: "256MiB",
  boot: { kernel: "./vmlinuz" },
  ...change,
});

test("check fills in defaults, keeps the stub and finds files beside the program", async () => {
  const { inputs, failures } = await engine.check({}, declared());
  expect(failures).toEqual([]);
  expect(inputs).toMatchObject({ cpu: "portable", nodeConnection: { user: "root" }, __provider: stubs["VM"] });
});

test("check names every mistake with its field, unknown fields and missing files too", async () => {
  const { failures } = await engine.check({}, declared({ memory: "4 G", memori: 1, boot: { kernel: "./missing" } }));
  expect(failures.map(({ property }) => property).sort()).toEqual(["boot.kernel", "memori", "memory"]);
  expect(failures.find(({ property }) => property === "memori")?.reason).toBe(
    'is no field of it; did you mean "memory"?',
  );
});

test("check lets what is not known yet pass, at any depth", async () => {
  const { failures } = await engine.check(
    {},
    declared({ node: unknownValue, vcpus: unknownValue, nodeConnection: { host: unknownValue } }),
  );
  expect(failures).toEqual([]);
});

test("check of a host takes peers whose id is not known yet", async () => {
  const { failures } = await engine.check(
    {},
    {
      __provider: stubs["MeshNode"],
      owner: "o/p/s",
      name: "b",
      connection: { host: "h" },
      mesh: { name: "m" },
      peers: [{ id: unknownValue, connection: { host: "g" } }],
    },
  );
  expect(failures).toEqual([]);
});

test("check takes a GPU partition that is still to be made, for itself and in a VM", async () => {
  const partition = { __provider: stubs["GpuPartition"], owner: "o/p/s", logicalName: "gpu", name: "gpu" };
  const where = { node: unknownValue, nodeConnection: { host: "h" } };
  const { inputs, failures } = await engine.check({}, { ...partition, ...where, device: { vendor: "nvidia" } });
  expect([inputs["mode"], failures]).toEqual(["auto", []]);
  const gpus = [{ id: unknownValue, node: unknownValue }];
  expect((await engine.check({}, declared({ gpus }))).failures).toEqual([]);
  const others = [{ id: "y".repeat(26), node: "b-bbbbbbbb" }];
  expect((await engine.check({}, declared({ gpus: others }))).failures).toEqual([
    { property: "gpus", reason: expect.stringContaining("has none of a-aaaaaaaa") },
  ]);
});

test("check refuses a disk that shrinks", async () => {
  const { inputs } = await engine.check({}, declared({ disks: [{ name: "d", size: "2GiB" }] }));
  const { failures } = await engine.check(inputs, declared({ disks: [{ name: "d", size: "1GiB" }] }));
  expect(failures).toEqual([
    { property: "disks[0].size", reason: 'disk "d" has 2GiB and never shrinks; write 2GiB or more' },
  ]);
});

test("diff is quiet about another stub, another unit and a renamed stack", async () => {
  const { inputs } = await engine.check({}, declared());
  const olds = {
    ...inputs,
    __provider: `${stubs["VM"]}// older`,
    vmId: "x",
    currentNode: "a-aaaaaaaa",
    incarnation: 1,
  };
  const news = { ...inputs, memory: "262144KiB", owner: "o/p/renamed" };
  expect(await engine.diff("x", olds, news)).toEqual({ changes: noChange, replaces: [], deleteBeforeReplace: true });
});

test("diff of a changed node is a change without a replacement, and prints why in one line", async () => {
  const { inputs } = await engine.check({}, declared());
  const olds = { ...inputs, vmId: "x", currentNode: "a-aaaaaaaa", incarnation: 1 };
  const before = engine.printed.length;
  expect(await engine.diff("x", olds, { ...inputs, node: "b-bbbbbbbb" })).toMatchObject({
    changes: someChange,
    replaces: [],
  });
  await engine.waitForLine(
    /^web: moves live from a to b, because node changed \(hosts could not be checked: .+\)$/,
    before,
  );
});

test("diff to a host that is not known yet asks nobody", async () => {
  const { inputs } = await engine.check({}, declared());
  const olds = { ...inputs, vmId: "x", currentNode: "a-aaaaaaaa", incarnation: 1 };
  const before = engine.printed.length;
  expect(await engine.diff("x", olds, { ...inputs, node: unknownValue })).toMatchObject({
    changes: someChange,
    replaces: [],
  });
  await engine.waitForLine(/ to a host that is not known yet, /, before);
});

test("create on a host that does not answer says so with a next step, and records nothing", async () => {
  const { inputs } = await engine.check({}, declared());
  await expect(engine.create(inputs)).rejects.toMatchObject({ details: expect.stringContaining("next:") });
});

test("read of a host that does not answer keeps the last state and the stub", async () => {
  const { inputs } = await engine.check({}, declared());
  const olds = { ...inputs, vmId: "x", currentNode: "a-aaaaaaaa", address: "10.92.0.7" };
  const { id, properties } = await engine.read("x", olds);
  expect(id).toBe("x");
  expect(properties).toMatchObject({ state: "unreachable", address: "10.92.0.7", __provider: stubs["VM"] });
});
