// Every attribute that a user may give, unknown at the plan: of what is new and of what is there, each alone. The apply then
// knows it: nothing that was known at the plan has changed, and nothing unknown is left. The paths are the schema's own, so
// that no attribute is left out.

import { createHash } from "node:crypto";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { derivePartitionId } from "../../../provider/model/gpu/partition-id";
import { type AttributeValue, unknownAttribute } from "../../../provider/terraform/wire/unknown-attribute";
import { gpuPartition } from "../../../schema/gpu-partition";
import { meshNode } from "../../../schema/mesh-node";
import type { ResourceDefinition } from "../../../schema/resource";
import {
  emitAttributes,
  type TerraformAttribute,
  type TerraformAttributes,
} from "../../../schema/terraform/emit-attributes";
import { terraformResourceFields } from "../../../schema/terraform/terraform-fields";
import { vm } from "../../../schema/vm";
import { type Attributes, ResourceCalls } from "./rig/call-provider";
import { type FakeProvider, startFakeProvider } from "./rig/fake-provider";
import { findContradictions, findUnknown } from "./rig/find-contradictions";

/** An attribute's name, or the first item of a list. */
type Step = string | 0;

/** What is put at a path, by what stands there already (null for nothing) and the name of the attribute there or around. */
type Choice = (there: AttributeValue, name: string, isItem: boolean) => AttributeValue;

/** Everything that a user may give, containers before what is in them. */
function pathsOf(attributes: TerraformAttributes, at: readonly Step[] = []): (readonly Step[])[] {
  return Object.entries(attributes)
    .filter(([, { required, optional }]) => required === true || optional === true)
    .flatMap(([name, { nested_type: nested }]) => {
      const path = [...at, name];
      if (nested === undefined) return [path];
      const inside = nested.nesting_mode === "list" ? [...path, 0 as const] : path;
      return [path, ...(inside === path ? [] : [inside]), ...pathsOf(nested.attributes, inside)];
    });
}

const show = (path: readonly Step[]) =>
  path.reduce<string>((text, step) => (step === 0 ? `${text}[0]` : text === "" ? step : `${text}.${step}`), "");

/** What else must be there for an object to be one; by the name of what holds it. */
const needed: Readonly<Record<string, Attributes>> = {
  peers: { id: "b-bbbbbbbb", ssh: { host: "b" } },
  jump: { host: "jump" },
  boot: { kernel: "./vmlinuz" },
  disks: { name: "data", size: "1GiB" },
  ingress: { from: "nodes" },
  gpus: { id: idOfGpu("there"), node: { id: "a-aaaaaaaa" } },
};

/** What an attribute is allowed beside only. */
const beside: Readonly<Record<string, Attributes>> = {
  vlan: { bridge: "br0" },
  ports: { protocol: "tcp" },
  profile: { device: { address: "05:00.0" } },
  vfs: { device: { address: "01:00.0" } },
  quota: { device: { model: "e20b" } },
};

/** What is said in one way only: an attribute of it is alone there. */
const choices: ReadonlySet<string> = new Set(["device"]);

/** The id of a partition that was declared under this name. */
function idOfGpu(name: string): string {
  return derivePartitionId("acme/shop/prod", name, (text) => createHash("sha256").update(text).digest());
}

const names = {
  name: "data",
  host: "a",
  user: "ops",
  host_key: "ssh-ed25519 AAAA",
  known_hosts: "/k",
  identity: "lab",
};
const times = {
  create: "1h",
  update: "1h",
  delete: "1h",
  deadline: "1h",
  stall_timeout: "10s",
  shutdown_timeout: "20s",
};
const sizes = {
  port: 2222,
  mtu: 1420,
  vcpus: 2,
  memory: "2GiB",
  size: "2GiB",
  port_base: 52_000,
  port_count: 32,
  vlan: 7,
};
const files = {
  kernel: "./vmlinuz",
  initrd: "./vmlinuz",
  image: "./disk.img",
  cmdline: "quiet",
  storage_path: "/srv/leea",
};
const net = { node_range: "10.91.0.0/16", vm_range: "10.92.0.0/16", address: "10.92.0.7", bridge: "br0", ports: "443" };
const words = { cpu: "host", protocol: "tcp", from: "nodes", mode: "cold", transport: "auto", on_deadline: "stop" };
const rates = { downtime_limit: "50ms", max_bandwidth: "1Gbps" };
const devices = {
  device: { address: "05:00.0" },
  vendor: "8086",
  model: "1912",
  label: "GPU 1",
  profile: "small",
  vfs: 2,
  quota: {},
  vram: "1GiB",
  execution_quantum: "10ms",
  preempt_timeout: "1s",
  priority: "low",
};
const life = { restart: "always", power_state: "stopped", allow_data_loss: true, setup: false, sudo: true };
const objects = { mesh: {}, endpoint: {}, migration: {}, timeouts: {}, nics: { mesh: {} } };

/** Attributes of one type whose names mean something else in another. */
const ownSamples: Readonly<Record<string, Attributes>> = {
  leea_gpu_partition: { mode: "passthrough", address: "05:00.0" },
};

/** What an attribute is, or an item of it, once it is known. */
const samples: Readonly<Record<string, AttributeValue>> = {
  ...{ ...names, ...times, ...sizes, ...files, ...net, ...words, ...rates, ...life, ...objects, ...devices },
  ...needed,
};

const unknown: Choice = () => unknownAttribute;

const knownOf =
  (typeName: string): Choice =>
  (there, name, isItem) => {
    const sample = ownSamples[typeName]?.[name] ?? samples[name];
    if (there !== null) return there;
    if (sample === undefined) throw new Error(`no known value is given for ${name}`);
    return lists.has(name) && !isItem ? [sample] : sample;
  };

const lists: ReadonlySet<string> = new Set(["peers", "disks", "nics", "ingress", "gpus"]);

/** A copy of the whole object with what is needed around the path, and the choice at it. */
function withAt(attributes: TerraformAttributes, given: Attributes, path: readonly Step[], choose: Choice): Attributes {
  const [name, ...rest] = path;
  if (typeof name !== "string") throw new TypeError("a path begins with a name");
  const attribute = attributes[name];
  if (attribute === undefined) throw new TypeError(`there is no ${name}`);
  const there = given[name] ?? null;
  const nested = attribute.nested_type;
  const held = (choices.has(name) ? null : (there as Attributes | null)) ?? needed[name] ?? {};
  const value = () => {
    if (rest.length === 0) return choose(there, name, false);
    if (nested === undefined) throw new TypeError(`${name} has nothing inside`);
    if (rest[0] !== 0) return withAt(nested.attributes, held, rest, choose);
    return [rest.length === 1 ? choose(null, name, true) : withAt(nested.attributes, held, rest.slice(1), choose)];
  };
  return whole(attributes, { ...given, ...beside[name], [name]: value() });
}

/** The object with every attribute, as Terraform sends it: null where nothing is given. */
function whole(attributes: TerraformAttributes, given: Attributes): Attributes {
  return Object.fromEntries(
    Object.entries(attributes).map(([name, attribute]) => [name, wholeValue(attribute, given[name] ?? null)]),
  );
}

function wholeValue(attribute: TerraformAttribute, value: AttributeValue): AttributeValue {
  const { nested_type: nested } = attribute;
  if (nested === undefined || value === null || value === unknownAttribute) return value;
  if (Array.isArray(value)) return value.map((item: AttributeValue) => wholeValue(attribute, item));
  return whole(nested.attributes, value as Attributes);
}

function valueAt(value: AttributeValue | undefined, path: readonly Step[]): AttributeValue | undefined {
  return path.reduce<AttributeValue | undefined>(
    (at, step) => (at === undefined || at === null ? undefined : (at as never as Record<Step, AttributeValue>)[step]),
    value,
  );
}

const host = (name: string): Attributes => ({ name, ssh: { host: name }, mesh: { name: "prod" } });
const web: Attributes = {
  name: "web",
  node: { id: "a-aaaaaaaa", ssh: { host: "a" } },
  vcpus: 1,
  memory: "1GiB",
  boot: { kernel: "./vmlinuz" },
};

const gpu = (name: string, address: string): Attributes => ({
  name,
  node: { id: "a-aaaaaaaa", ssh: { host: "a" } },
  device: { address },
});

/** A type, what is declared of it, and the hosts that are there already. */
const resources: readonly [string, ResourceDefinition, Attributes, readonly string[]][] = [
  ["leea_mesh_node", meshNode, host("a"), ["b"]],
  ["leea_gpu_partition", gpuPartition, gpu("gpu", "02:00.0"), ["b", "a"]],
  ["leea_vm", vm, web, ["b", "a"]],
];

describe.each(resources)("%s", (typeName, definition, declared, joined) => {
  const attributes: TerraformAttributes = emitAttributes(terraformResourceFields(definition), "user");
  const paths = pathsOf(attributes).map((path) => [show(path), path] as const);
  let fake: FakeProvider;
  let calls: ResourceCalls;

  beforeEach(async () => {
    fake = await startFakeProvider(["a", "b"]);
    writeFileSync(join(fake.folder, "disk.img"), Buffer.alloc(2 ** 16));
    const nodes = new ResourceCalls(fake, "leea_mesh_node");
    await nodes.configure();
    const node = emitAttributes(terraformResourceFields(meshNode), "user");
    for (const name of joined) expect((await nodes.apply(null, whole(node, host(name)))).errors).toEqual([]);
    calls = new ResourceCalls(fake, typeName);
    if (joined.includes("a")) await makeGpu();
  });

  /** A partition that a VM can take, and a slot that the firmware has named. */
  async function makeGpu(): Promise<void> {
    const gpus = new ResourceCalls(fake, "leea_gpu_partition");
    const all = emitAttributes(terraformResourceFields(gpuPartition), "user");
    expect((await gpus.apply(null, whole(all, gpu("there", "41:00.0")))).errors).toEqual([]);
    (await fake.world.host("a").gpus.bus()).setFile("0000:05:00.0", "label", "GPU 1\n");
  }

  afterEach(() => {
    expect(fake.world.openSessions).toBe(0);
    fake.stop();
  });

  /** Plans with the value at the path unknown, and applies with it known, as the two halves of one apply of Terraform's. */
  async function settle(prior: Attributes | null, privateBytes: Uint8Array, path: readonly Step[]): Promise<void> {
    await calls.configure();
    const { early, before, bytes } = await planEarly(prior, privateBytes, path);
    expect(early.errors).toEqual([]);
    expect(valueAt(early.planned ?? null, path)).toBe(unknownAttribute);

    await calls.configure(); // the apply starts a provider of its own
    const config = withAt(attributes, declared, path, knownOf(typeName));
    if (before !== prior && prior !== null) await calls.applyPlanned(prior, null, bytes);
    const { planned = null, state = null, ...late } = await calls.apply(before, config, bytes);
    expect(late.errors).toEqual([]);
    expect(findContradictions(early.planned ?? null, planned)).toEqual([]);
    expect(findContradictions(planned, state)).toEqual([]);
    expect(findUnknown(state)).toEqual([]);
    expect(valueAt(config, path)).not.toBe(unknownAttribute);

    await calls.configure();
    const again = await calls.plan(state, config, late.private);
    expect(again).toMatchObject({ errors: [], planned: state });
  }

  /** The plan while it is not known. What it replaces is planned once more as new, with the bytes of the first answer. */
  async function planEarly(prior: Attributes | null, privateBytes: Uint8Array, path: readonly Step[]) {
    const config = withAt(attributes, declared, path, unknown);
    const early = await calls.plan(prior, config, privateBytes);
    if (early.replaces.length === 0) return { early, before: prior, bytes: privateBytes };
    const anew = await calls.plan(null, config, early.private);
    return { early: anew, before: null, bytes: anew.private };
  }

  test.each(paths)("%s is not known at the plan of what is new, and settled by its apply", async (_name, path) => {
    await settle(null, new Uint8Array(), path);
  });

  test.each(paths)("%s is not known at the plan of what is there, and settled by its apply", async (_name, path) => {
    await calls.configure();
    const made = await calls.apply(null, whole(attributes, declared));
    expect(made.errors).toEqual([]);
    await settle(made.state ?? null, made.private, path);
  });
});
