// Makes a declared partition, adopts the one that is there, or makes a lost one again. The record with everything that was
// there before is synced before the first order to the kernel.

import { LeeaError } from "../../../model/errors";
import { nameClaim, partsOfDevice } from "../../../model/gpu/owner-guard";
import type { ParentBefore, PartitionRecord, PartitionSpec } from "../../../model/gpu/partition-record";
import { type PartitionPlan, planPartition } from "../../../model/gpu/plan/plan-partition";
import { isOtherMemory } from "../../../model/gpu/quota/partition-quota";
import { refusalError } from "../../../model/gpu/refusal/gpu-trouble";
import type { PartitionReport, PutPartitionRequest } from "../../../protocol/gpu";
import { actOn, type GpuHost, refuseWhileBlocked, takeGpuTurn } from "../gpu-host";
import { readHostGpus } from "../inventory/read-host-gpus";
import { readBefore } from "./bind-function";
import { makePartition } from "./make-partition";
import { mdevUuidOf } from "./mdev-uuid";
import { reportPartition } from "./report-partition";
import { demandCard, readParentBefore } from "./vf-count";

/** Makes it and says how it stands. Errors: those of gpu-trouble.ts; CONFLICT (another owner), NOT_ALLOWED_NOW (being released, or of other make). */
export function putPartition(
  host: GpuHost,
  partitionId: string,
  request: PutPartitionRequest,
): Promise<PartitionReport> {
  return takeGpuTurn(host, async () => {
    const earlier = host.records.get(partitionId);
    const record =
      earlier === undefined || earlier.phase === "released"
        ? await claim(host, partitionId, request)
        : await adopt(host, earlier, request);
    await refuseWhileBlocked(host, record.place.device);
    const current = host.records.get(partitionId) ?? record;
    return reportPartition(host.ctx, await actOn(host, partitionId, () => makePartition(host, current)));
  });
}

/** What `put` would choose, without an act; for preview. Errors: every refusal at once. */
export async function planOnHost(host: GpuHost, partitionId: string, spec: PartitionSpec): Promise<PartitionPlan> {
  const request = { partitionId, mdevUuid: mdevUuidOf(partitionId), spec };
  const plan = planPartition(request, await readHostGpus(host.ctx), host.records.all());
  if ("refusals" in plan) throw refusalError(`GpuPartition "${spec.name}"`, plan.refusals);
  return plan;
}

async function claim(host: GpuHost, partitionId: string, request: PutPartitionRequest): Promise<PartitionRecord> {
  const plan = await planOnHost(host, partitionId, request.spec);
  await refuseWhileBlocked(host, plan.place.device);
  const parentBefore = await parentBeforeOf(host, plan);
  const functions = await Promise.all(plan.takes.map((device) => readBefore(host.ctx, device)));
  return host.records.save({
    partitionId,
    owner: request.owner,
    logicalName: request.logicalName,
    incarnation: (host.records.get(partitionId)?.incarnation ?? 0) + 1,
    phase: "claimed",
    spec: request.spec,
    place: plan.place,
    functions,
    ...(parentBefore === undefined ? {} : { parentBefore }),
    operationId: request.operationId,
  });
}

/** Read where leea sets the number of VFs; else as the first partition of the card found it, or nobody of ours set it. */
async function parentBeforeOf(host: GpuHost, { place, setVfCount }: PartitionPlan): Promise<ParentBefore | undefined> {
  if (place.vf === undefined) return undefined;
  if (setVfCount !== undefined) return readParentBefore(host.ctx, await demandCard(host.ctx, place));
  return partsOfDevice(place.device, host.records.all()).find((part) => part.parentBefore !== undefined)?.parentBefore;
}

async function adopt(host: GpuHost, record: PartitionRecord, request: PutPartitionRequest): Promise<PartitionRecord> {
  if (record.phase === "releasing") throw notNow(record, "is being released", "Wait for that and run again.");
  if (request.creating && (record.owner !== request.owner || record.logicalName !== request.logicalName))
    throw new LeeaError({
      code: "CONFLICT",
      message: `${nameClaim(record)} has this id`,
      hint: "Give the resource another name, or import that partition.",
    });
  const changed = changedFields(record.spec, request.spec);
  if (changed.length > 0)
    throw notNow(record, `is of another ${changed.join(", ")}`, "Delete it first; these fields are its make.");
  const { owner, logicalName, operationId, spec } = request;
  const incarnation = record.incarnation + (request.creating && record.operationId !== operationId ? 1 : 0);
  return host.records.save({ ...record, owner, logicalName, operationId, incarnation, spec });
}

function changedFields(before: PartitionSpec, after: PartitionSpec): readonly string[] {
  const fields = ["address", "vendor", "model", "label", "mode", "profile", "vfs"] as const;
  const changed = fields.filter((field) => before[field] !== after[field]);
  return isOtherMemory(before.quota, after.quota) ? [...changed, "quota.vram"] : changed;
}

function notNow(record: PartitionRecord, what: string, hint: string): LeeaError {
  return new LeeaError({ code: "NOT_ALLOWED_NOW", message: `${nameClaim(record)} ${what}`, hint });
}
