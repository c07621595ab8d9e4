// What exists is found by a data source and by an import id, side by side in one process, and what is wrong with either is told
// at its attribute.

import { meshNodeHandler } from "../../../provider/controller/handlers/mesh-node";
import { type AttributeValue, unknownAttribute } from "../../../provider/terraform/wire/unknown-attribute";
import { meshNode } from "../../../schema/mesh-node";
import { attributeName } from "../../../schema/terraform/attribute-name";
import {
  sharedConnectionFields,
  terraformDataFields,
  terraformResourceFields,
} from "../../../schema/terraform/terraform-fields";
import { vm } from "../../../schema/vm";
import { type Attributes, attributesOf, ResourceCalls } from "./rig/call-provider";
import { type FakeProvider, startFakeProvider } from "./rig/fake-provider";

const namesOf = (fields: object) => Object.keys(fields).map(attributeName);
const way = (host: string): Attributes => ({
  ...attributesOf(["host_key", "known_hosts", "identity", "sudo", "jump", "port", "user"], {}),
  host,
});

let fake: FakeProvider;
let vms: ResourceCalls;
let nodes: ResourceCalls;

beforeEach(async () => {
  fake = await startFakeProvider(["a"]);
  const declared = { owner: "o/p/s", name: "a", connection: { host: "a" }, mesh: { name: "prod" }, peers: [] };
  const context = fake.world.context(fake.folder);
  const { inputs } = await meshNodeHandler.check(declared, undefined, context);
  await meshNodeHandler.create(inputs, context, () => undefined);
  vms = new ResourceCalls(fake, "leea_vm");
  nodes = new ResourceCalls(fake, "leea_mesh_node");
  await vms.configure();
  const boot = { kernel: `${fake.folder}/vmlinuz`, initrd: null, cmdline: null };
  const web = { name: "web", node: nodeA(), vcpus: 1, memory: "256MiB", boot };
  await vms.apply(null, attributesOf(namesOf(terraformResourceFields(vm)), web));
});

afterEach(() => {
  expect(fake.world.openSessions).toBe(0);
  fake.stop();
});

const nodeA = (): Attributes => ({ id: fake.world.host("a").nodeId, ssh: way("a") });
const dataOf = (name: AttributeValue) => attributesOf(namesOf(terraformDataFields(vm)), { node: nodeA(), name });

test("a data source and an import of the same type do not change each other's rules, in either order", async () => {
  for (let round = 0; round < 2; round += 1) {
    const imported = await vms.import("root@a:22/web");
    expect(imported).toMatchObject({ errors: [], state: { name: "web" } });
    const read = await vms.readData(dataOf("web"));
    expect(read).toMatchObject({ errors: [], state: { name: "web", id: imported.state?.["id"] } });
  }
});

test("a data source without a name is told, and the next one is read", async () => {
  const missing = await vms.validateData(dataOf(null));
  expect(missing.errors).toEqual([expect.stringMatching(/^name: .*\nname is missing/s)]);
  expect((await vms.readData(dataOf(null))).errors).toEqual(missing.errors);
  expect(await vms.validateData(dataOf("web"))).toMatchObject({ errors: [] });
  expect(await vms.readData(dataOf("web"))).toMatchObject({ errors: [], state: { name: "web" } });
});

test("a data source that is not known yet is valid, and nobody is asked by settings that are not known", async () => {
  expect(await vms.validateData(dataOf(unknownAttribute))).toMatchObject({ errors: [] });
  const shared = attributesOf(namesOf(sharedConnectionFields), { user: unknownAttribute });
  await nodes.configure({ owner: "o/p/s", ssh: shared, credentials: null });
  const config = attributesOf(namesOf(terraformDataFields(meshNode)), { ssh: way("a") });
  const read = await nodes.readData(config);
  expect(read.errors).toEqual([expect.stringMatching(/^ssh: .*not known yet/s)]);
  expect(read.state).toBeUndefined();
  const imported = await nodes.import("a");
  expect(imported.errors).toEqual([expect.stringContaining("not known yet")]);
});
