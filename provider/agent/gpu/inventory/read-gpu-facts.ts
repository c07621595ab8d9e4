// The host's GPUs for its own report: cheap enough for every call, nothing at all on a host without a PCI bus. It asks for no
// open handle, which would look at every process, and reads no file of a device that a partition keeps busy.

import type { PartitionRecord } from "../../../model/gpu/partition-record";
import { describeGpuFacts, type GpuFacts, withoutPartitions } from "../../../model/gpu/plan/gpu-facts";
import type { AgentContext } from "../../agent-context";
import { hasGpu, readFunctions } from "./read-functions";
import { readHostGpus } from "./read-host-gpus";
import { readVirtualParents } from "./virtual-parents";

/** The facts; undefined where they cannot be read, which the log tells: a host's report does not fail for its GPUs. */
export async function readGpuFacts(
  ctx: AgentContext,
  records: readonly PartitionRecord[],
): Promise<readonly GpuFacts[] | undefined> {
  try {
    const virtual = await readVirtualParents(ctx);
    if (virtual.length === 0 && !(await hasGpu(ctx))) return [];
    const functions = [...(await readFunctions(ctx)), ...virtual];
    const asBefore = withoutPartitions(functions, records);
    return describeGpuFacts(await readHostGpus(ctx, { functions: asBefore, withHandles: false }));
  } catch (error) {
    const words = error instanceof Error ? error.message : String(error);
    ctx.log.write("warn", "gpu-facts-unread", { error: words });
    return undefined;
  }
}
