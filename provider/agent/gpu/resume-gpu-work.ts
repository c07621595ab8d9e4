// After a start of the agent: operations on partitions that were cut off come to their end under their own ids, so that who
// asked for them gets a result, and what else was half done is gone on with in the background: it may wait for a guest.

import { LeeaError } from "../../model/errors";
import type { PartitionRecord } from "../../model/gpu/partition-record";
import type { Operation } from "../../protocol/operation";
import type { Agent } from "../agent";
import type { GpuHost } from "./gpu-host";
import { reportPartition } from "./partition/report-partition";
import { recoverPartition, recoverPartitions } from "./recover-partitions";

/** Resumes them. It waits for none. */
export async function resumeGpuWork(agent: Agent, interrupted: readonly Operation[]): Promise<void> {
  for (const operation of interrupted) {
    if (operation.partitionId === undefined) continue;
    await agent.operations.resume({ ...operation, run: () => goOn(agent.gpus, operation) });
  }
  void recoverPartitions(agent.gpus);
}

async function goOn(host: GpuHost, { kind, partitionId = "" }: Operation): Promise<unknown> {
  await recoverPartition(host, partitionId);
  const record = host.records.get(partitionId);
  if (kind === "delete-gpu-partition" && record?.phase === "released") return { result: "released" };
  if (kind === "put-gpu-partition" && isMade(record)) return reportPartition(host.ctx, record);
  throw new LeeaError({
    code: "INTERNAL",
    message: "the agent was ended before the operation had begun anything",
    hint: "Run again.",
  });
}

function isMade(record: PartitionRecord | undefined): record is PartitionRecord {
  return record?.phase === "ready";
}
