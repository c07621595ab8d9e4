// What every act on the host's GPUs is given: the host, the partitions' records, and which VMs there are. Acts follow one
// another (`takeGpuTurn`): a VF count, a type list and a group are shared by several partitions.

import { LeeaError } from "../../model/errors";
import type { PartitionRecord } from "../../model/gpu/partition-record";
import { gpuTroubles } from "../../model/gpu/refusal/gpu-trouble";
import type { VmRecord } from "../../model/ownership";
import type { AgentContext } from "../agent-context";
import { takeTurn } from "../mesh/take-turn";
import type { VmRecords } from "../vm/record/vm-records";
import { loadPartitionRecords, type PartitionRecords } from "./record/partition-records";
import { blockedBy } from "./sysfs/order-kernel";

/** The surroundings of every act on GPUs. */
export interface GpuHost {
  readonly ctx: AgentContext;
  readonly records: PartitionRecords;
  /** True while the host knows the VM, running or not. */
  readonly knowsVm: (vmId: string) => boolean;
}

/** The host's GPUs, with the records that are on its disk. */
export async function openGpuHost(ctx: AgentContext, vms: Pick<VmRecords, "get">): Promise<GpuHost> {
  return { ctx, records: await loadPartitionRecords(ctx), knowsVm: (vmId) => isHere(vms.get(vmId)) };
}

/** A VM that went to another host has left its partition here. */
function isHere(record: VmRecord | undefined): boolean {
  return record !== undefined && ["owner", "incoming", "released"].includes(record.role);
}

/** Runs `act` after every earlier act on this host's GPUs. Not reentrant. */
export function takeGpuTurn<T>({ ctx }: GpuHost, act: () => Promise<T>): Promise<T> {
  return takeTurn(ctx, "gpu", act);
}

/** Runs an act on a claim and notes in its record what it left waiting in the kernel. */
export async function actOn<T>(host: GpuHost, partitionId: string, act: () => Promise<T>): Promise<T> {
  try {
    return await act();
  } catch (error) {
    const blocked = blockedBy(error);
    const record = host.records.get(partitionId);
    if (blocked !== undefined && record !== undefined) await host.records.save({ ...record, blocked });
    throw error;
  }
}

/** Refuses while an order on this card still waits in the kernel; forgets one that has ended since. Error: `write-blocked`. */
export async function refuseWhileBlocked(host: GpuHost, device: string): Promise<void> {
  for (const record of host.records.all()) {
    if (record.blocked === undefined || record.place.device !== device) continue;
    if (await host.ctx.system.isAlive(record.blocked))
      throw new LeeaError({
        ...gpuTroubles["write-blocked"],
        message: record.blocked.what,
        details: { trouble: "write-blocked", pid: record.blocked.pid },
      });
    await host.records.save(withoutBlocked(record));
  }
}

function withoutBlocked(record: PartitionRecord): PartitionRecord {
  const { blocked: _, ...rest } = record;
  return rest;
}
