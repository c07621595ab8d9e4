// The VF of a record: made where there is none, found by its number, and noted as it stands before anything is done to it.

import { judgeGroup } from "../../../model/gpu/iommu-group";
import type { PartitionRecord } from "../../../model/gpu/partition-record";
import { refusalError } from "../../../model/gpu/refusal/gpu-trouble";
import type { AgentContext } from "../../agent-context";
import type { GpuHost } from "../gpu-host";
import { readFunctions } from "../inventory/read-functions";
import { setMemoryFirst } from "../quota/vf-quota";
import { demandFunction, readBefore } from "./bind-function";
import { demandCard, ensureVfs, readParentBefore, refuseFixedVfs } from "./vf-count";

/** A VF, all VFs of its card, and the record as it is by now. */
export interface FoundVf {
  readonly record: PartitionRecord;
  readonly vf: string;
  readonly vfs: readonly string[];
}

/** The VF, of which nothing is taken yet. Errors: those of vf-count.ts and of the quota. */
export async function findVf(host: GpuHost, record: PartitionRecord): Promise<FoundVf> {
  const prepared = await prepareVfs(host, record);
  const { place } = prepared;
  const vfs = await ensureVfs(host.ctx, place);
  const vf = vfs[place.vf ?? 0];
  if (vf !== undefined) return { record: prepared, vf, vfs };
  throw refusalError(place.device, [{ trouble: "device-absent", message: `${place.device} has no VF ${place.vf}` }]);
}

/** The same, with what it was on synced. Error: `group-shared`. */
export async function takeVf(host: GpuHost, record: PartitionRecord): Promise<FoundVf> {
  const found = await findVf(host, record);
  await demandOwnGroup(host.ctx, found.vf);
  if (found.record.functions[0]?.address === found.vf) return found;
  const before = await readBefore(host.ctx, await demandFunction(host.ctx, found.vf));
  return { ...found, record: await host.records.save({ ...found.record, functions: [before] }) };
}

/**
 * What has to be done while there are no VFs. Those that somebody else had made are gone after a boot: leea then makes them,
 * so it takes them away again.
 */
async function prepareVfs(host: GpuHost, record: PartitionRecord): Promise<PartitionRecord> {
  const card = await demandCard(host.ctx, record.place);
  if (card.virtualFunctions.length > 0) return record;
  refuseFixedVfs(card);
  const noted =
    record.parentBefore === undefined
      ? await host.records.save({ ...record, parentBefore: await readParentBefore(host.ctx, card) })
      : record;
  return setMemoryFirst(host, noted);
}

/** Groups of VFs are known once they are made. */
async function demandOwnGroup(ctx: AgentContext, vf: string): Promise<void> {
  const verdict = judgeGroup(await demandFunction(ctx, vf), await readFunctions(ctx));
  if ("refusals" in verdict) throw refusalError(vf, verdict.refusals);
}
