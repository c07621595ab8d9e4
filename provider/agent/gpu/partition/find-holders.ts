// Who has a partition open right now, by /proc alone: records may be wrong about that, and a release under a guest's feet
// never comes back.

import { judgeUnseen } from "../../../model/gpu/host/host-readiness";
import { describeHandle, type OpenHandle } from "../../../model/gpu/host/host-use";
import { nameClaim } from "../../../model/gpu/owner-guard";
import type { PartitionRecord } from "../../../model/gpu/partition-record";
import { refusalError } from "../../../model/gpu/refusal/gpu-trouble";
import type { AgentContext } from "../../agent-context";
import { listQemus } from "../../qemu/qemu-processes";
import { readFunction } from "../inventory/read-functions";
import { findOpenHandles } from "../sysfs/find-open-handles";
import { functionsOfNode } from "../sysfs/functions-of-node";
import { lastPart, mdevPath } from "../sysfs/gpu-paths";

/** Refuses while a program has the partition open, naming pid, program and VM. Errors: `held-by-process`, `holders-unknown`. */
export async function refuseOpen(ctx: AgentContext, record: PartitionRecord): Promise<void> {
  const handles = await findHolders(ctx, record);
  if (handles.length === 0) return;
  const qemus = await listQemus(ctx);
  const words = handles.map((handle) => {
    const vmId = qemus.find(({ pid }) => pid === handle.pid)?.vmId;
    return `${describeHandle(handle)}${vmId === undefined ? "" : ` for VM ${vmId}`}`;
  });
  throw refusalError(`the release of ${nameClaim(record)}`, [
    { trouble: "held-by-process", message: words.join("; ") },
  ]);
}

async function findHolders(ctx: AgentContext, record: PartitionRecord): Promise<readonly OpenHandle[]> {
  const { handles, unseen } = await findOpenHandles(ctx);
  const blind = judgeUnseen(unseen).map(({ trouble, what }) => ({ trouble, message: what }));
  if (blind.length > 0) throw refusalError(`the release of ${nameClaim(record)}`, blind);
  const { mdevUuid } = record.place;
  if (mdevUuid !== undefined) {
    const group = lastPart(await ctx.system.readLink(mdevPath(mdevUuid, "iommu_group")));
    return handles.filter(({ path }) => path === `/dev/vfio/${group}`);
  }
  const functions = (await Promise.all(record.functions.map(({ address }) => readFunction(ctx, address)))).flatMap(
    (each) => each ?? [],
  );
  const owners = await Promise.all(handles.map(({ path }) => functionsOfNode(ctx, functions, path)));
  return handles.filter((_, index) => (owners[index] ?? []).length > 0);
}
