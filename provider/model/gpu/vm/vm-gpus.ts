// Which of the partitions that a VM names it uses, and how much room for them its machine has.

import type { VmSpec } from "../../vm-spec";

/** Ids of those on this host, as declared. */
export function gpusOnNode({ gpus = [] }: Pick<VmSpec, "gpus">, nodeId: string): readonly string[] {
  return gpus.filter((gpu) => gpu.nodeId === nodeId).map(({ partitionId }) => partitionId);
}

/** As many ports as it has partitions on any one host: a machine keeps its ports wherever it moves. */
export function gpuPortsFor({ gpus = [] }: Pick<VmSpec, "gpus">): number {
  const nodes = new Set(gpus.map(({ nodeId }) => nodeId));
  return Math.max(0, ...[...nodes].map((nodeId) => gpusOnNode({ gpus }, nodeId).length));
}
