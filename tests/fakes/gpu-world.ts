// The GPU part of a world of two hosts: a display card on each, a partition of it that the VM names, and what became of them.

import { putPartition } from "../../provider/agent/gpu/partition/put-partition";
import type { HostPaths } from "../../provider/agent/host-paths";
import type { PartitionRecord } from "../../provider/model/gpu/partition-record";
import type { GpuReference } from "../../provider/model/vm-spec";
import type { AgentProcess } from "./agent-process";
import type { FakeQemu } from "./fake-qemu";
import type { FakeSystem } from "./fake-system";
import { displayCard } from "./pci/fake-card";

type HostName = "a" | "b";

/** What is used of the world of two hosts. */
interface TwoHosts {
  readonly host: (name: HostName) => {
    readonly system: FakeSystem;
    readonly paths: HostPaths;
    readonly node: { readonly nodeId: string };
  };
  readonly agent: (name: HostName) => AgentProcess;
  readonly qemu: (name: HostName) => FakeQemu | undefined;
}

const hosts = ["a", "b"] as const;

/** Id of the partition on a host. */
export const gpuOn: Readonly<Record<HostName, string>> = { a: "a".repeat(26), b: "b".repeat(26) };

/** Makes a host's card a partition. */
export async function makePartition(world: TwoHosts, name: HostName): Promise<void> {
  await putPartition(world.agent(name).agent.gpus, gpuOn[name], {
    operationId: `put-gpu-${name}`,
    owner: "o/p/s",
    logicalName: `gpu-${name}`,
    spec: { name: `gpu-${name}`, mode: "passthrough", address: displayCard.address },
    creating: true,
  });
}

/** Both hosts' partitions, as a VM names them. */
export function namedGpus(world: TwoHosts): readonly GpuReference[] {
  return hosts.map((name) => ({ partitionId: gpuOn[name], nodeId: world.host(name).node.nodeId }));
}

/** The VM that has a host's partition, as its record on the disk says. */
export function holderOn(world: TwoHosts, name: HostName): string | undefined {
  const { system, paths } = world.host(name);
  const text = system.text(`${paths.state}/gpu-partitions/${gpuOn[name]}.json`);
  return text === undefined ? undefined : (JSON.parse(text) as PartitionRecord).holder?.id;
}

/** QEMU's ids of the passed devices in the guest's machine on a host. */
export function devicesIn(world: TwoHosts, name: HostName): readonly string[] {
  return [...(world.qemu(name)?.gpus.devices.keys() ?? [])];
}
