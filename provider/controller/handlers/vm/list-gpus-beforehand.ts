// The GPUs of a VM that changes its host in the same update that changes its list of them. Its host moves it by its own record,
// so that the partition on the other host is written there first; what it has now stays until the move ejects it.

import { gpusOnNode } from "../../../model/gpu/vm/vm-gpus";
import type { GpuReference, VmSpec } from "../../../model/vm-spec";
import type { VmReport } from "../../../protocol/vm";
import type { HostSession } from "../../host-session";
import { chooseOperationId } from "../choose-operation-id";
import type { HandlerContext } from "../handler-context";

/** Writes them down at the VM's host and gives its report then; nothing where it knows them, or the VM does not run. */
export async function listGpusBeforehand(
  session: HostSession,
  report: VmReport,
  wish: { readonly gpus: readonly GpuReference[]; readonly destinationId: string },
  context: HandlerContext,
): Promise<VmReport> {
  const { vmId, owner, logicalName, spec, state } = report;
  const gpus = gpusForMove(spec, wish.gpus, wish.destinationId);
  if (state !== "running" || JSON.stringify(gpus) === JSON.stringify(spec.gpus ?? [])) return report;
  const { gpus: _, ...rest } = spec;
  const wanted: VmSpec = gpus.length === 0 ? rest : { ...rest, gpus };
  const operationId = await chooseOperationId(session, "put", [vmId, wanted, false, false]);
  const params = { vmId };
  const body = { operationId, owner, logicalName, spec: wanted, creating: false, allowDataLoss: false };
  const operation = await session.call("putVm", { params, body });
  await session.follow(operation, (progress) => context.report.progress(spec.name, progress));
  const answer = await session.call("getVm", { params });
  return answer.found === "here" ? answer.report : report;
}

/**
 * The list that a VM moves with: what it has and what is declared, or the latter alone where it is to have none there. One that
 * has none has no port for any: it moves without, and starts anew with them there.
 */
export function gpusForMove(
  { gpus: known = [] }: Pick<VmSpec, "gpus">,
  declared: readonly GpuReference[],
  destinationId: string,
): readonly GpuReference[] {
  if (known.length === 0) return [];
  if (gpusOnNode({ gpus: declared }, destinationId).length === 0) return declared;
  const isNew = ({ partitionId }: GpuReference): boolean => known.every((gpu) => gpu.partitionId !== partitionId);
  // What is listed for the destination no more is not given to it there.
  const kept = known.filter(
    (gpu) => gpu.nodeId !== destinationId || declared.some(({ partitionId }) => partitionId === gpu.partitionId),
  );
  return [...kept, ...declared.filter(isNew)];
}
