// Gives a ready partition to a VM, and takes it back. The holder is synced before QEMU is started with the device, so that a
// crash never leaves a guest with a device that nobody knows of.

import { nameClaim, refuseHolder } from "../../../model/gpu/owner-guard";
import type { PartitionHolder, PartitionRecord } from "../../../model/gpu/partition-record";
import { refusalError } from "../../../model/gpu/refusal/gpu-trouble";
import { actOn, type GpuHost, refuseWhileBlocked, takeGpuTurn } from "../gpu-host";
import { makePartition } from "./make-partition";
import { isThere } from "./report-partition";

/** Gives it, made again where a boot has lost it. Errors: `device-absent` (no such partition), `held-by-vm`, `holder-gone`, those of making. */
export function givePartition(host: GpuHost, partitionId: string, holder: PartitionHolder): Promise<PartitionRecord> {
  return takeGpuTurn(host, async () => {
    const record = demandRecord(host, partitionId);
    const refusal = refuseHolder(record, holder, host.knowsVm(record.holder?.id ?? ""));
    if (refusal !== undefined) throw refusalError(nameClaim(record), [refusal]);
    await refuseWhileBlocked(host, record.place.device);
    const held = await host.records.save({ ...demandRecord(host, partitionId), holder });
    if (held.phase === "ready" && (await isThere(host.ctx, held))) return held;
    return actOn(host, partitionId, () => makePartition(host, held));
  });
}

/** Takes it back from this holder, once its QEMU has ended; nothing where another has it. The partition stays made. */
export function takeBackPartition(host: GpuHost, partitionId: string, holder: PartitionHolder): Promise<void> {
  return takeGpuTurn(host, async () => {
    const record = host.records.get(partitionId);
    if (record?.holder === undefined || refuseHolder(record, holder) !== undefined) return;
    const { holder: _, ...rest } = record;
    await host.records.save(rest);
  });
}

function demandRecord({ records }: GpuHost, partitionId: string): PartitionRecord {
  const record = records.get(partitionId);
  if (record !== undefined && (record.phase === "ready" || record.phase === "claimed")) return record;
  throw refusalError("the GPU", [
    { trouble: "device-absent", message: `the host has no GPU partition ${partitionId}, or is releasing it` },
  ]);
}
