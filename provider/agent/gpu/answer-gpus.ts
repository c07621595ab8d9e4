// What the agent says of its host's GPUs: the inventory, one partition, and what a put would make. Nothing changes by
// asking, and the same rules answer preview and apply.

import { isLeeaError } from "../../model/errors";
import { standingClaims } from "../../model/gpu/owner-guard";
import type { PartitionPlace, PartitionRecord, PartitionSpec } from "../../model/gpu/partition-record";
import { describeGpus } from "../../model/gpu/plan/describe-gpus";
import { refuseQuota } from "../../model/gpu/quota/partition-quota";
import type { GpuTrouble } from "../../model/gpu/refusal/gpu-trouble";
import type {
  CheckPartitionAnswer,
  GpuInventory,
  PartitionAnswer,
  PartitionChoice,
  PartitionReport,
} from "../../protocol/gpu";
import type { GpuHost } from "./gpu-host";
import { readFunction } from "./inventory/read-functions";
import { readHostGpus } from "./inventory/read-host-gpus";
import { planOnHost } from "./partition/put-partition";
import { reportPartition } from "./partition/report-partition";
import { readQuotaOffer } from "./quota/quota-files";

/** Everything about the host's GPUs. */
export async function listGpus(agent: GpuHost): Promise<GpuInventory> {
  const { ctx, records } = agent;
  const host = await readHostGpus(ctx);
  const standing = standingClaims(records.all());
  return {
    missing: host.missing,
    gpus: describeGpus(host, records.all()),
    partitions: await Promise.all(standing.map((record) => reportWithHolder(agent, record))),
  };
}

/** One partition as it stands. */
export async function answerPartition(host: GpuHost, partitionId: string): Promise<PartitionAnswer> {
  const record = host.records.get(partitionId);
  if (record === undefined || record.phase === "released") return { found: "absent" };
  return { found: "here", report: await reportWithHolder(host, record) };
}

/** Whether its VM is still there is known by the VMs' records. */
async function reportWithHolder({ ctx, knowsVm }: GpuHost, record: PartitionRecord): Promise<PartitionReport> {
  const report = await reportPartition(ctx, record);
  return report.holder === undefined || knowsVm(report.holder.id) ? report : { ...report, holderIsGone: true };
}

/** What a put would make. A partition that is there keeps its place. */
export async function checkPartition(
  host: GpuHost,
  partitionId: string,
  spec: PartitionSpec,
): Promise<CheckPartitionAnswer> {
  const record = host.records.get(partitionId);
  if (record !== undefined && record.phase !== "released") return checkMade(host, record, spec);
  try {
    const plan = await planOnHost(host, partitionId, spec);
    return { reasons: [], troubles: [], choice: choiceOf(plan.place, plan.because, plan.passedOver) };
  } catch (error) {
    if (!isLeeaError(error) || error.details?.["troubles"] === undefined) throw error;
    const { reasons, troubles } = error.details as { reasons: readonly string[]; troubles: readonly GpuTrouble[] };
    return { reasons, troubles };
  }
}

/** A quota may come to a partition that is there; nothing else of its make can. */
async function checkMade(
  { ctx }: GpuHost,
  { place }: PartitionRecord,
  { quota }: PartitionSpec,
): Promise<CheckPartitionAnswer> {
  const card = quota === undefined ? undefined : await readFunction(ctx, place.device);
  const offer = card === undefined ? undefined : await readQuotaOffer(ctx, card);
  const refusals = refuseQuota(quota, place.device, place.mode === "sriov" ? offer : undefined);
  if (refusals.length === 0) return { reasons: [], troubles: [], choice: choiceOf(place, "it is made already", []) };
  return { reasons: refusals.map(({ message }) => message), troubles: refusals.map(({ trouble }) => trouble) };
}

function choiceOf(place: PartitionPlace, because: string, passedOver: readonly string[]): PartitionChoice {
  const { mode, device, vf, profile } = place;
  const kind = vf === undefined ? device : `VF ${vf} of ${device}`;
  const part = profile === undefined ? kind : `${profile.name} on ${place.mdevParent ?? kind}`;
  return { mode, device, part, because, passedOver };
}
