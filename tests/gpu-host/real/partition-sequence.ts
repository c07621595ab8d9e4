// What is done to a device to show that leea can hand it out: the steps of the emulated hosts' tests, by the agent's own code, on
// whatever host it is given. Whoever plays it compares the host before and after.

import { checkPartition, listGpus } from "../../../provider/agent/gpu/answer-gpus";
import type { GpuHost } from "../../../provider/agent/gpu/gpu-host";
import { putPartition } from "../../../provider/agent/gpu/partition/put-partition";
import { releasePartition } from "../../../provider/agent/gpu/partition/release-partition";
import type { PartitionSpec } from "../../../provider/model/gpu/partition-record";
import type { CheckPartitionAnswer, PartitionReport } from "../../../provider/protocol/gpu";

const partitionId = "a".repeat(26);

/** What the steps found, for the test to judge. */
export interface PlayedSequence {
  readonly check: CheckPartitionAnswer;
  readonly made: PartitionReport;
  /** After a start of the agent in between: the same wish again. */
  readonly again: PartitionReport;
  /** Whether the inventory tells the partition while it is there, and after it is gone. */
  readonly toldWhileThere: boolean;
  readonly toldAfterwards: boolean;
}

/** Pre-flight, claim, bind, read back, the same again, release. It ends with a release whatever went wrong. */
export async function playPartition(restart: () => Promise<GpuHost>, spec: PartitionSpec): Promise<PlayedSequence> {
  const host = await restart();
  const check = await checkPartition(host, partitionId, spec);
  if (check.reasons.length > 0) throw new Error(`it cannot be had:\n${check.reasons.join("\n")}`);
  const request = { operationId: "put-real-1", owner: "leea/test/real", logicalName: "real", spec, creating: false };
  try {
    const made = await putPartition(host, partitionId, request);
    const again = await putPartition(await restart(), partitionId, request);
    const toldWhileThere = await isTold(await restart());
    await release(await restart());
    return { check, made, again, toldWhileThere, toldAfterwards: await isTold(await restart()) };
  } catch (error) {
    await release(await restart());
    throw error;
  }
}

async function isTold(host: GpuHost): Promise<boolean> {
  return (await listGpus(host)).partitions.some((partition) => partition.partitionId === partitionId);
}

async function release(host: GpuHost): Promise<void> {
  const incarnation = host.records.get(partitionId)?.incarnation ?? 0;
  await releasePartition(host, partitionId, { operationId: "delete-real-1", incarnation });
}
