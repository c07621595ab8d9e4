// A fake host with a PCI bus and the agent's GPU part on it, and the requests that its tests send.

import type { GpuHost } from "../../../../provider/agent/gpu/gpu-host";
import { putPartition } from "../../../../provider/agent/gpu/partition/put-partition";
import { releasePartition } from "../../../../provider/agent/gpu/partition/release-partition";
import { loadPartitionRecords } from "../../../../provider/agent/gpu/record/partition-records";
import type { PartitionSpec } from "../../../../provider/model/gpu/partition-record";
import type { DeletePartitionAnswer, PartitionReport } from "../../../../provider/protocol/gpu";
import { fakeHostAgent } from "../../../fakes/fake-host-agent";
import type { FakeSystem } from "../../../fakes/fake-system";
import { FakePciHost } from "../../../fakes/pci/fake-pci-host";

/** A host, its bus, and its agent's GPU part. `known`: ids of the VMs that the host knows. */
export interface GpuLab {
  readonly system: FakeSystem;
  readonly pci: FakePciHost;
  readonly log: readonly string[];
  readonly known: Set<string>;
  /** The agent's part, put together anew from what is on the disk. */
  readonly restart: () => Promise<GpuHost>;
}

/** A lab without a card. */
export function gpuLab(
  options: { readonly hasIommu?: boolean; readonly hasVfio?: boolean; readonly modules?: readonly string[] } = {},
): GpuLab {
  const { system, ctx, log } = fakeHostAgent();
  const pci = new FakePciHost(system, options);
  const known = new Set<string>();
  const restart = async (): Promise<GpuHost> => ({
    ctx,
    records: await loadPartitionRecords(ctx),
    knowsVm: (vmId) => known.has(vmId),
  });
  return { system, pci, log, known, restart };
}

/** A partition's id by one letter. */
export const partitionId = (letter: string): string => letter.repeat(26);

/** Asks for a partition; `mode` is auto unless said otherwise. */
export function put(
  host: GpuHost,
  letter: string,
  spec: Partial<PartitionSpec>,
  change: { readonly owner?: string; readonly operationId?: string } = {},
): Promise<PartitionReport> {
  return putPartition(host, partitionId(letter), {
    operationId: `put-${letter}`,
    owner: "acme/shop/prod",
    logicalName: `gpu-${letter}`,
    spec: { name: `gpu-${letter}`, mode: "auto", ...spec },
    creating: true,
    ...change,
  });
}

/** Releases it at its first incarnation. */
export function release(host: GpuHost, letter: string, incarnation = 1): Promise<DeletePartitionAnswer> {
  return releasePartition(host, partitionId(letter), { operationId: `delete-${letter}`, incarnation });
}

/** The trouble that a promise is refused with; "nothing" where it is not. */
export async function troubleOf(act: Promise<unknown>): Promise<string> {
  try {
    await act;
    return "nothing";
  } catch (error) {
    const details = (error as { details?: { trouble?: string } }).details;
    return details?.trouble ?? `not a trouble: ${String(error)}`;
  }
}
