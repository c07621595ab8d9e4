// Gives a partition back: who holds it is asked first, by record and by /proc; then everything is put back as it was, and a
// tombstone stays that keeps the incarnation. A crash in between is gone on with.

import { nameClaim, partsOfDevice } from "../../../model/gpu/owner-guard";
import type { PartitionRecord } from "../../../model/gpu/partition-record";
import { refusalError } from "../../../model/gpu/refusal/gpu-trouble";
import type { DeletePartitionAnswer, DeletePartitionRequest } from "../../../protocol/gpu";
import { actOn, type GpuHost, refuseWhileBlocked, takeGpuTurn } from "../gpu-host";
import { unloadModules } from "../modules/unload-modules";
import { restoreQuota } from "../quota/vf-quota";
import { clearVgpuType } from "../vendors/vendor-type";
import { restoreFunction } from "./bind-function";
import { refuseOpen } from "./find-holders";
import { removeMdev } from "./mediated-device";
import { restoreVfCount } from "./vf-count";

/** Releases it. Errors: `held-by-vm`, `held-by-process`, `write-blocked`, those of orderKernel; what is done stays done. */
export function releasePartition(
  host: GpuHost,
  partitionId: string,
  { incarnation, operationId }: DeletePartitionRequest,
): Promise<DeletePartitionAnswer> {
  return takeGpuTurn(host, async () => {
    const record = host.records.get(partitionId);
    if (record === undefined || record.phase === "released") return { result: "absent" };
    if (incarnation < record.incarnation) return { result: "kept" };
    refuseHeld(host, record);
    await refuseWhileBlocked(host, record.place.device);
    await refuseOpen(host.ctx, record);
    await giveBack(host, { ...(host.records.get(partitionId) ?? record), operationId });
    return { result: "released" };
  });
}

/** From `releasing` to `released`, and without the modules that nothing needs any more, whatever of it is done already. The caller has looked that nobody has it open. */
export async function giveBack(host: GpuHost, record: PartitionRecord): Promise<void> {
  const releasing = await host.records.save({ ...record, phase: "releasing" });
  await actOn(host, record.partitionId, () => undo(host, releasing));
  const { holder: _, blocked: __, parentBefore: ___, quotaBefore: ____, quotaSet: _____, ...rest } = releasing;
  await host.records.save({ ...rest, phase: "released", functions: [] });
  await unloadModules(host);
}

/** A VM that the host knows keeps its partition, whether it runs or not; one that is gone does not. */
function refuseHeld({ knowsVm }: GpuHost, record: PartitionRecord): void {
  const { holder } = record;
  if (holder === undefined || !knowsVm(holder.id)) return;
  throw refusalError(`the release of ${nameClaim(record)}`, [
    { trouble: "held-by-vm", message: `it is given to VM ${holder.id}` },
  ]);
}

async function undo(host: GpuHost, record: PartitionRecord): Promise<void> {
  const { ctx } = host;
  const { place, functions } = record;
  if (place.mode === "mdev") await removeMdev(ctx, place);
  else if (place.mode === "vendor-vfio") await clearTypes(host, record);
  else for (const before of [...functions].reverse()) await restoreFunction(ctx, before);
  await restoreQuota(host, record);
  if (record.parentBefore !== undefined && isLastPart(host, record))
    await restoreVfCount(ctx, place, record.parentBefore);
}

async function clearTypes({ ctx }: GpuHost, { place, functions }: PartitionRecord): Promise<void> {
  if (place.profile === undefined) return; // none was chosen yet
  for (const { address } of functions) await clearVgpuType(ctx, address, place.profile.id);
}

function isLastPart({ records }: GpuHost, { place, partitionId }: PartitionRecord): boolean {
  return partsOfDevice(place.device, records.all()).every((part) => part.partitionId === partitionId);
}
