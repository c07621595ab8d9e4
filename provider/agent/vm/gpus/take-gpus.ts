// The partitions of a VM on this host: given to it before its QEMU has them, taken back when it has them no more. The
// holder is synced first, so that a crash never leaves a guest with a device that nobody knows of.

import type { PartitionRecord } from "../../../model/gpu/partition-record";
import { gpusOnNode } from "../../../model/gpu/vm/vm-gpus";
import type { VmRecord } from "../../../model/ownership";
import type { LaunchGpu } from "../../../model/qemu-argv/qemu-launch";
import type { VmSpec } from "../../../model/vm-spec";
import type { Agent } from "../../agent";
import type { AgentContext } from "../../agent-context";
import { givePartition, takeBackPartition } from "../../gpu/partition/hold-partition";
import { groupNodeOf } from "../../gpu/partition/report-partition";
import { readIdentity } from "../../mesh/identity";

/** Ids of the partitions that it is to have on this host, as declared. */
export async function wantedGpus(ctx: AgentContext, spec: Pick<VmSpec, "gpus">): Promise<readonly string[]> {
  if (spec.gpus === undefined) return [];
  return gpusOnNode(spec, (await readIdentity(ctx)).nodeId);
}

/** Gives it all of them, ready and its user's to open. Errors: those of givePartition. */
export async function takeGpus(agent: Agent, record: VmRecord): Promise<readonly LaunchGpu[]> {
  const taken: LaunchGpu[] = [];
  for (const [port, partitionId] of (await wantedGpus(agent.ctx, record.spec)).entries())
    taken.push(await takeGpu(agent, record, { partitionId, port }));
  return taken;
}

/** Gives it one of them, for this root port. Errors: those of givePartition. */
export async function takeGpu(
  agent: Agent,
  { vmId, uid }: Pick<VmRecord, "vmId" | "uid">,
  { partitionId, port }: Pick<LaunchGpu, "partitionId" | "port">,
): Promise<LaunchGpu> {
  const partition = await givePartition(agent.gpus, partitionId, { kind: "vm", id: vmId });
  await lendNode(agent.ctx, partition, uid);
  const { mdevUuid } = partition.place;
  if (mdevUuid !== undefined) return { partitionId, port, mdevUuid };
  return { partitionId, port, functions: partition.functions.map(({ address }) => address) };
}

/** Takes back what the VM has of this host's partitions, but for `kept`. Its QEMU must have let go of them. */
export async function giveBackGpus(agent: Agent, vmId: string, kept: readonly string[] = []): Promise<void> {
  for (const record of agent.gpus.records.all()) {
    if (record.holder?.kind !== "vm" || record.holder.id !== vmId || kept.includes(record.partitionId)) continue;
    await lendNode(agent.ctx, record, 0);
    await takeBackPartition(agent.gpus, record.partitionId, record.holder);
  }
}

/** Whoever owns the group's node may open it (kernel: Documentation/driver-api/vfio.rst). One that is gone needs no owner. */
async function lendNode(ctx: AgentContext, partition: PartitionRecord, uid: number): Promise<void> {
  const node = await groupNodeOf(ctx, partition);
  if (node !== undefined && (await ctx.system.exists(node))) await ctx.system.setOwner(node, uid, uid);
}
