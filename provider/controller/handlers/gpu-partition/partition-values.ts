// The values of a GPU partition between front doors and hosts: declared inputs by name, what a host reports as outputs, and
// a report as the inputs that would make it.

import type { GpuPartitionInputs, GpuPartitionOutputs } from "../../../../schema/generated/declared";
import { quotaInputs } from "../../../model/gpu/inputs/partition-spec-of";
import type { PartitionReport } from "../../../protocol/gpu";

/** The outputs of a partition that its host reports. */
export function outputsOfPartition(report: PartitionReport): GpuPartitionOutputs {
  return {
    partitionId: report.partitionId,
    chosenMode: report.mode,
    address: report.functions[0] ?? report.device,
    functions: report.functions,
    iommuGroup: report.iommuGroup ?? "",
    vendor: report.vendor,
    model: report.model,
    liveMigratable: report.liveMigratable,
    liveMigrationReason: report.liveMigrationReason,
    state: report.state,
    incarnation: report.incarnation,
    ...(report.mdevUuid === undefined ? {} : { mdevUuid: report.mdevUuid }),
    ...(report.profile === undefined ? {} : { profileName: report.profile }),
    ...(report.quota === undefined ? {} : { quotaInForce: report.quota }),
    ...(report.holder === undefined ? {} : { heldBy: report.holder.id }),
  };
}

/** The inputs that the host keeps of a partition; `where` says which host that is. */
export function inputsOfPartition(
  report: PartitionReport,
  where: Pick<GpuPartitionInputs, "node" | "nodeConnection">,
): GpuPartitionInputs {
  const { name, mode, profile, vfs, quota, ...device } = report.spec;
  return {
    owner: report.owner,
    logicalName: report.logicalName,
    name,
    ...where,
    device,
    mode,
    ...(profile === undefined ? {} : { profile }),
    ...(vfs === undefined ? {} : { vfs }),
    ...(quota === undefined ? {} : { quota: quotaInputs(quota) }),
  };
}
