// Both doors, one story: the same steps through Pulumi's dynamic provider and through Terraform's RPCs, each over hosts of
// its own, and after each step the hosts of both worlds report the same.

import { gpuPartitionHandler } from "../../provider/controller/handlers/gpu-partition";
import type { Values } from "../../provider/controller/handlers/handler-context";
import { meshNodeHandler } from "../../provider/controller/handlers/mesh-node";
import { vmHandler } from "../../provider/controller/handlers/vm";
import type { GpuInventory } from "../../provider/protocol/gpu";
import { createDynamicProvider } from "../../provider/pulumi/dynamic-provider";
import { gpuPartition } from "../../schema/gpu-partition";
import { meshNode } from "../../schema/mesh-node";
import type { ResourceDefinition } from "../../schema/resource";
import { attributeName } from "../../schema/terraform/attribute-name";
import { terraformResourceFields } from "../../schema/terraform/terraform-fields";
import { vm } from "../../schema/vm";
import type { FakeWorld } from "../fakes/fake-hosts";
import { type Attributes, attributesOf, ResourceCalls } from "../unit/terraform/rig/call-provider";
import { type FakeProvider, startFakeProvider } from "../unit/terraform/rig/fake-provider";

const owner = "acme/shop/prod";

/** What a person declares, in neither door's words. */
interface Wish {
  readonly on: "a" | "b";
  readonly memory: string;
  readonly powerState: "running" | "stopped";
  readonly disks: readonly { readonly name: string; readonly size: string }[];
  readonly mode: "live" | "cold";
  /** Hosts whose GPU partition is listed. */
  readonly gpus: readonly ("a" | "b")[];
}

/** What is declared of the partition of either host. */
const gpuWish = { device: { vendor: "8086", model: "1912" }, profile: "small" };

/** One door, as its engine drives it. */
interface Door {
  readonly world: FakeWorld;
  up(wish: Wish): Promise<void>;
  /** Whether a preview right now shows a change. */
  shows(wish: Wish): Promise<boolean>;
  down(): Promise<void>;
  close(): void;
}

async function pulumiDoor(fake: FakeProvider): Promise<Door> {
  const { world, folder } = fake;
  const context = world.context(folder);
  const [nodes, vms] = [createDynamicProvider(meshNodeHandler, context), createDynamicProvider(vmHandler, context)];
  const way = (host: string) => ({ host });
  const ids: Record<string, { id: string; outs: object }> = {};
  for (const name of ["a", "b"]) {
    const peers = name === "a" ? [] : [{ id: ids["a"]?.id, connection: way("a") }];
    const { inputs } = await nodes.check({}, { owner, name, connection: way(name), mesh: { name: "prod" }, peers });
    ids[name] = await nodes.create(inputs);
  }
  const placeOf = (host: string) => ({ node: ids[host]?.id, nodeConnection: way(host) });
  const partitions = createDynamicProvider(gpuPartitionHandler, context);
  const gpuIds: Record<string, { id: string; outs: object }> = {};
  for (const host of ["a", "b"]) {
    const declared = { owner, logicalName: `gpu-${host}`, ...placeOf(host), ...gpuWish };
    gpuIds[host] = await partitions.create((await partitions.check({}, declared)).inputs);
  }
  let known: { id: string; outs: Values } | undefined;
  const declare = async ({ on, mode, gpus, ...wish }: Wish) => {
    const node = placeOf(on);
    const taken = gpus.map((host) => ({ id: gpuIds[host]?.id, node: ids[host]?.id }));
    const more = { vcpus: 1, boot: { kernel: "./vmlinuz" }, migration: { mode }, gpus: taken };
    const { inputs, failures } = await vms.check(known?.outs ?? {}, {
      owner,
      logicalName: "web",
      ...node,
      ...more,
      ...wish,
    });
    expect(failures).toEqual([]);
    return inputs;
  };
  const refresh = async () => {
    if (known !== undefined) known = { id: known.id, outs: { ...(await vms.read(known.id, known.outs)).props } };
  };
  return {
    world,
    up: async (wish) => {
      await refresh();
      const inputs = await declare(wish);
      if (known === undefined) known = await vms.create(inputs);
      else if ((await vms.diff(known.id, known.outs, inputs)).changes)
        known = { id: known.id, outs: { ...(await vms.update(known.id, known.outs, inputs)).outs } };
    },
    shows: async (wish) => {
      await refresh();
      return known === undefined || (await vms.diff(known.id, known.outs, await declare(wish))).changes;
    },
    down: async () => {
      if (known !== undefined) await vms.delete(known.id, known.outs);
      for (const gpu of Object.values(gpuIds)) await partitions.delete(gpu.id, { ...gpu.outs });
      for (const name of ["b", "a"]) await nodes.delete(ids[name]?.id ?? "", { ...ids[name]?.outs });
    },
    close: () => fake.stop(),
  };
}

async function terraformDoor(fake: FakeProvider): Promise<Door> {
  const { world } = fake;
  const [nodes, vms] = [new ResourceCalls(fake, "leea_mesh_node"), new ResourceCalls(fake, "leea_vm")];
  const partitions = new ResourceCalls(fake, "leea_gpu_partition");
  const namesOf = (resource: ResourceDefinition) => Object.keys(terraformResourceFields(resource)).map(attributeName);
  const ssh = (host: string) =>
    attributesOf(["port", "user", "host_key", "known_hosts", "identity", "sudo", "jump"], { host });
  const made: Record<string, { state: Attributes; private: Uint8Array }> = {};
  await nodes.configure();
  for (const name of ["a", "b"]) {
    const peers = name === "a" ? null : [{ id: made["a"]?.state["id"] ?? null, ssh: ssh("a") }];
    const mesh = { name: "prod", node_range: null, vm_range: null, mtu: null };
    const config = attributesOf(namesOf(meshNode), { name, ssh: ssh(name), mesh, peers });
    made[name] = good(await nodes.apply(null, config));
  }
  const nodeOf = (host: string) => ({ id: made[host]?.state["id"] ?? null, ssh: ssh(host) });
  const madeGpus: Record<string, { state: Attributes; private: Uint8Array }> = {};
  for (const host of ["a", "b"]) {
    const { device, profile } = gpuWish;
    const wish = {
      name: `gpu-${host}`,
      node: nodeOf(host),
      device: { address: null, label: null, ...device },
      profile,
    };
    madeGpus[host] = good(await partitions.apply(null, attributesOf(namesOf(gpuPartition), wish)));
  }
  let known: { state: Attributes; private: Uint8Array } | undefined;
  const declare = ({ on, mode, memory, powerState, disks, gpus }: Wish): Attributes =>
    attributesOf(namesOf(vm), {
      name: "web",
      node: nodeOf(on),
      gpus: gpus.map((host) => ({
        id: madeGpus[host]?.state["id"] ?? null,
        node: { id: made[host]?.state["id"] ?? null },
      })),
      vcpus: 1,
      boot: { kernel: `${fake.folder}/vmlinuz`, initrd: null, cmdline: null },
      memory,
      power_state: powerState,
      disks: disks.map((disk) => ({ ...disk, image: null })),
      migration: attributesOf(
        [
          "downtime_limit",
          "max_bandwidth",
          "transport",
          "deadline",
          "on_deadline",
          "stall_timeout",
          "shutdown_timeout",
        ],
        { mode },
      ),
    });
  const refresh = async () => {
    await vms.configure();
    if (known !== undefined) known = good(await vms.read(known.state, known.private));
  };
  return {
    world,
    up: async (wish) => {
      await refresh();
      known = good(await vms.apply(known?.state ?? null, declare(wish), known?.private));
    },
    shows: async (wish) => {
      await refresh();
      const { planned } = await vms.plan(known?.state ?? null, declare(wish), known?.private);
      return JSON.stringify(planned) !== JSON.stringify(known?.state);
    },
    down: async () => {
      await vms.configure();
      if (known !== undefined) await vms.apply(known.state, null, known.private);
      for (const gpu of Object.values(madeGpus)) await partitions.apply(gpu.state, null, gpu.private);
      for (const name of ["b", "a"]) await nodes.apply(made[name]?.state ?? null, null, made[name]?.private);
    },
    close: () => fake.stop(),
  };
}

function good(answer: { state?: Attributes | null; private: Uint8Array; errors: readonly string[] }) {
  const { state, private: privateBytes, errors } = answer;
  if (state === null || state === undefined || errors.length > 0) throw new Error(errors.join("\n") || "no state");
  return { state, private: privateBytes };
}

async function gpusOf(world: FakeWorld, name: string): Promise<GpuInventory["partitions"]> {
  return ((await world.host(name).gpus.answer("listGpus", {}, undefined)) as GpuInventory).partitions;
}

/** All that the hosts of a world say of themselves, their VMs and their GPUs, but for what only the folder's name decides. */
function reportsOf(world: FakeWorld): Promise<unknown> {
  return Promise.all(
    ["a", "b"].map(async (name) => {
      const host = world.host(name);
      const partitions = await gpusOf(world, name);
      const vms = { vms: [...host.vms.values()], moved: [...host.moved.keys()] };
      return { node: host.report(), hasAgent: host.hasAgent, ...vms, partitions, bus: String(await host.gpus.bus()) };
    }),
  );
}

const base: Wish = {
  on: "a",
  memory: "1GiB",
  powerState: "running",
  disks: [{ name: "d", size: "64MiB" }],
  mode: "live",
  gpus: [],
};

const grown: Wish = { ...base, memory: "2GiB", disks: [{ name: "d", size: "128MiB" }] };

/** Brings the VM up, and looks on which hosts it has a GPU then. */
async function upWithGpuOf(door: Door, wish: Wish, hosts: readonly string[]): Promise<void> {
  await door.up(wish);
  const held = await Promise.all(
    ["a", "b"].map(async (name) => ((await gpusOf(door.world, name)).some(({ holder }) => holder) ? [name] : [])),
  );
  expect(held.flat()).toEqual(hosts);
}

/** Each step: what is declared, or what happens to the world meanwhile. */
const story: readonly (readonly [string, (door: Door) => Promise<void>])[] = [
  ["it is made", (door) => door.up(base)],
  ["nothing is changed", (door) => door.up(base)],
  ["the same in other words", (door) => door.up({ ...base, memory: "1024MiB" })],
  ["it grows", (door) => door.up({ ...base, memory: "2GiB", disks: [{ name: "d", size: "128MiB" }] })],
  ["it moves live", (door) => door.up({ ...base, memory: "2GiB", disks: [{ name: "d", size: "128MiB" }], on: "b" })],
  [
    "it moves back cold",
    (door) => door.up({ ...base, memory: "2GiB", disks: [{ name: "d", size: "128MiB" }], mode: "cold" }),
  ],
  [
    "somebody stops it by hand, and it is started again",
    async (door) => {
      const [vmId, report] = [...door.world.host("a").vms][0] ?? [];
      if (vmId === undefined || report === undefined) throw new Error("no VM on a");
      door.world.host("a").vms.set(vmId, { ...report, state: "stopped" });
      await door.up({ ...base, memory: "2GiB", disks: [{ name: "d", size: "128MiB" }], mode: "cold" });
    },
  ],
  [
    "it is stopped",
    (door) => door.up({ ...base, memory: "2GiB", disks: [{ name: "d", size: "128MiB" }], powerState: "stopped" }),
  ],
  ["it is given a GPU", (door) => upWithGpuOf(door, { ...grown, gpus: ["a"] }, ["a"])],
  ["one on the other host is listed", (door) => upWithGpuOf(door, { ...grown, gpus: ["a", "b"] }, ["a"])],
  ["it moves to that one", (door) => upWithGpuOf(door, { ...grown, gpus: ["a", "b"], on: "b" }, ["b"])],
  ["the first is listed no more", (door) => upWithGpuOf(door, { ...grown, gpus: ["b"], on: "b" }, ["b"])],
  ["it goes without", (door) => upWithGpuOf(door, { ...grown, on: "b" }, [])],
  ["all goes", (door) => door.down()],
];

// Pulumi's door shows its lines on the console.
beforeEach(() => jest.spyOn(console, "log").mockImplementation(() => undefined));
afterEach(() => jest.restoreAllMocks());

test("the hosts report the same after each step of the story, whichever door it came through", async () => {
  const doors = [
    await pulumiDoor(await startFakeProvider(["a", "b"])),
    await terraformDoor(await startFakeProvider(["a", "b"])),
  ];
  try {
    for (const [step, take] of story) {
      for (const door of doors) await take(door);
      const [pulumi, terraform] = await Promise.all(
        doors.map(async ({ world }) => ({ step, hosts: await reportsOf(world) })),
      );
      expect(terraform).toEqual(pulumi);
    }
    for (const { world } of doors) expect(world.openSessions).toBe(0);
  } finally {
    for (const door of doors) door.close();
  }
});

test("both previews see a change where there is one, and none where there is none", async () => {
  const doors = [
    await pulumiDoor(await startFakeProvider(["a", "b"])),
    await terraformDoor(await startFakeProvider(["a", "b"])),
  ];
  const looks: readonly (readonly [Wish, boolean])[] = [
    [base, false],
    [{ ...base, memory: "1024MiB" }, false],
    [{ ...base, memory: "2GiB" }, true],
    [{ ...base, on: "b" }, true],
    [{ ...base, powerState: "stopped" }, true],
    [{ ...base, mode: "cold" }, true],
    [{ ...base, gpus: ["a"] }, true],
  ];
  try {
    for (const door of doors) {
      await door.up(base);
      for (const [wish, isChange] of looks) expect([wish, await door.shows(wish)]).toEqual([wish, isChange]);
    }
  } finally {
    for (const door of doors) door.close();
  }
});
