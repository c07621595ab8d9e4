// How a partition stands, read from the host: what is reported is what sysfs says now, never what the record hopes.

import type { PartitionRecord } from "../../../model/gpu/partition-record";
import type { PciFunction } from "../../../model/gpu/pci/pci-function";
import { isVfioDriver } from "../../../model/gpu/refusal/kernel-refusal";
import { judgeLiveMigration } from "../../../model/gpu/vm/live-migration";
import type { PartitionReport, PartitionState } from "../../../protocol/gpu";
import type { AgentContext } from "../../agent-context";
import { readFunction } from "../inventory/read-functions";
import { readNames } from "../inventory/read-names";
import { readQuota } from "../quota/quota-files";
import { lastPart, mdevPath } from "../sysfs/gpu-paths";
import { readVgpuType } from "../vendors/vendor-type";
import { isSameDevice } from "./bind-function";
import { readMdevType } from "./mediated-device";

/** The report. A `released` record has none to give: the caller does not ask. */
export async function reportPartition(ctx: AgentContext, record: PartitionRecord): Promise<PartitionReport> {
  const { place, holder } = record;
  const [first] = await readAll(ctx, record);
  const iommuGroup = await readGroup(ctx, record, first);
  const quota = place.vf === undefined ? undefined : await readQuota(ctx, { device: place.device, index: place.vf });
  const live = judgeLiveMigration(first?.driver);
  return {
    partitionId: record.partitionId,
    owner: record.owner,
    logicalName: record.logicalName,
    spec: record.spec,
    incarnation: record.incarnation,
    state: await stateOf(ctx, record),
    mode: place.mode,
    device: place.device,
    functions: record.functions.map(({ address }) => address),
    ...(place.mdevUuid === undefined ? {} : { mdevUuid: place.mdevUuid }),
    ...(iommuGroup === undefined ? {} : { iommuGroup }),
    ...(place.profile === undefined ? {} : { profile: place.profile.name }),
    ...(quota === undefined ? {} : { quota }),
    ...(await nameGuestDevice(ctx, record, first)),
    liveMigratable: live.isPossible,
    liveMigrationReason: live.reason,
    ...(holder === undefined ? {} : { holder }),
  };
}

/** The device node that opens the partition; undefined where it is in no IOMMU group now. */
export async function groupNodeOf(ctx: AgentContext, record: PartitionRecord): Promise<string | undefined> {
  const group = await readGroup(ctx, record, (await readAll(ctx, record))[0]);
  return group === undefined ? undefined : `/dev/vfio/${group}`;
}

/** True where the host has what the `ready` record says, whole. */
export async function isThere(ctx: AgentContext, record: PartitionRecord): Promise<boolean> {
  const { place } = record;
  if (place.mode === "mdev") return (await readMdevType(ctx, place.mdevUuid ?? "")) === place.profile?.id;
  const functions = await readAll(ctx, record);
  if (record.functions.length === 0) return false;
  const areSame = record.functions.every((before, index) => {
    const now = functions[index];
    return now !== undefined && isSameDevice(now, before);
  });
  if (!areSame) return false;
  if (place.mode === "vendor-vfio") return (await readVgpuType(ctx, functions[0]?.address ?? "")) === place.profile?.id;
  return functions.every((each) => isVfioDriver(each?.driver ?? ""));
}

async function stateOf(ctx: AgentContext, record: PartitionRecord): Promise<PartitionState> {
  if (record.phase === "ready") return (await isThere(ctx, record)) ? "ready" : "lost";
  return record.phase === "claimed" ? "claimed" : "releasing";
}

function readAll(ctx: AgentContext, { functions }: PartitionRecord): Promise<readonly (PciFunction | undefined)[]> {
  return Promise.all(functions.map(({ address }) => readFunction(ctx, address)));
}

async function readGroup(
  ctx: AgentContext,
  { place }: PartitionRecord,
  first: PciFunction | undefined,
): Promise<string | undefined> {
  if (place.mdevUuid === undefined) return first?.iommuGroup;
  return lastPart(await ctx.system.readLink(mdevPath(place.mdevUuid, "iommu_group")));
}

/** The guest sees the function's own ids; of a mediated device its type's name tells more than its parent's ids. */
async function nameGuestDevice(
  ctx: AgentContext,
  { place }: PartitionRecord,
  first: PciFunction | undefined,
): Promise<Pick<PartitionReport, "vendor" | "model">> {
  const { vendorId, deviceId } = first ?? place;
  const names = (await readNames(ctx))(vendorId, deviceId);
  const model = place.mode === "mdev" ? place.profile?.name : names.device;
  return { vendor: names.vendor ?? vendorId, model: model ?? deviceId };
}
