// After a start of the agent: a claim that was being made is made, a release that had begun is ended, and a partition that a
// boot has lost is told of and left for `up`. Trouble with one stops no other, and never the agent.

import type { PartitionRecord } from "../../model/gpu/partition-record";
import { actOn, type GpuHost, refuseWhileBlocked, takeGpuTurn } from "./gpu-host";
import { unloadModules } from "./modules/unload-modules";
import { refuseOpen } from "./partition/find-holders";
import { makePartition } from "./partition/make-partition";
import { giveBack } from "./partition/release-partition";
import { isThere } from "./partition/report-partition";

/** Goes on where the last agent stood, with every partition. */
export async function recoverPartitions(host: GpuHost): Promise<void> {
  for (const { partitionId } of host.records.all()) {
    try {
      await recoverPartition(host, partitionId);
    } catch (error) {
      host.ctx.log.write("error", "gpu-recovery-failed", {
        partition: partitionId,
        error: error instanceof Error ? error.message : String(error),
      });
    }
  }
  await takeGpuTurn(host, () => unloadModules(host));
}

/** The same with one. Errors: those of making and releasing. */
export function recoverPartition(host: GpuHost, partitionId: string): Promise<void> {
  return takeGpuTurn(host, async () => {
    const record = host.records.get(partitionId);
    if (record !== undefined) await recover(host, record);
  });
}

async function recover(host: GpuHost, record: PartitionRecord): Promise<void> {
  const { partitionId, phase, holder } = record;
  if (phase === "released") return;
  if (phase === "ready") {
    if (!(await isThere(host.ctx, record)))
      host.ctx.log.write("warn", "gpu-partition-lost", { partition: partitionId });
    if (holder !== undefined && !host.knowsVm(holder.id))
      host.ctx.log.write("warn", "gpu-holder-gone", { partition: partitionId, vm: holder.id });
    return;
  }
  await refuseWhileBlocked(host, record.place.device);
  const current = host.records.get(partitionId) ?? record;
  if (phase === "claimed") return void (await actOn(host, partitionId, () => makePartition(host, current)));
  await refuseOpen(host.ctx, current);
  await giveBack(host, current);
}
