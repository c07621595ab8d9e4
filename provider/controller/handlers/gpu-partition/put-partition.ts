// Makes a partition on its host what is declared: asks whether it can be, hands the work over, follows it and
// reads back. A second run picks up where the first one stopped.

import type { GpuPartitionInputs } from "../../../../schema/generated/declared";
import { partitionSpecOf } from "../../../model/gpu/inputs/partition-spec-of";
import { type GpuTrouble, refusalError } from "../../../model/gpu/refusal/gpu-trouble";
import type { CheckPartitionAnswer, PartitionReport } from "../../../protocol/gpu";
import type { HostSession } from "../../host-session";
import { chooseOperationId } from "../choose-operation-id";
import type { HandlerContext } from "../handler-context";

/** What is to be made, and for whom. `owner` and `logicalName` are those of its birth. */
export interface PutPartitionWish {
  readonly partitionId: string;
  readonly owner: string;
  readonly logicalName: string;
  readonly inputs: GpuPartitionInputs;
  readonly creating: boolean;
}

/** Makes it and gives the host's report. `accepted` is called once the host has taken the work. Errors: those of gpu-trouble.ts. */
export async function putPartition(
  session: HostSession,
  wish: PutPartitionWish,
  context: HandlerContext,
  accepted: () => void,
): Promise<PartitionReport> {
  const { partitionId, owner, logicalName, inputs, creating } = wish;
  const spec = partitionSpecOf(inputs);
  const params = { partitionId };
  refuseReasons(await session.call("checkGpuPartition", { params, body: { spec } }), session, inputs);
  const operationId = await chooseOperationId(session, "put-gpu", [partitionId, spec, creating]);
  const body = { operationId, owner, logicalName, spec, creating };
  const operation = await session.call("putGpuPartition", { params, body });
  accepted();
  await session.follow(operation, (progress) => context.report.progress(inputs.name, progress));
  return readBack(session, partitionId);
}

/** Throws every reason against it. */
function refuseReasons(
  { reasons, troubles }: CheckPartitionAnswer,
  session: HostSession,
  { name }: GpuPartitionInputs,
): void {
  if (reasons.length === 0) return;
  const refusals = reasons.map((message, index) => ({ trouble: troubleAt(troubles, index), message }));
  throw refusalError(`GpuPartition "${name}" on host "${session.hostLabel}"`, refusals);
}

function troubleAt(troubles: readonly GpuTrouble[], index: number): GpuTrouble {
  return troubles[index] ?? "kernel-refused";
}

async function readBack(session: HostSession, partitionId: string): Promise<PartitionReport> {
  const answer = await session.call("getGpuPartition", { params: { partitionId } });
  if (answer.found === "here") return answer.report;
  throw refusalError(`GPU partition ${partitionId}`, [
    { trouble: "device-absent", message: `host "${session.hostLabel}" has it no more` },
  ]);
}
