// The agent's GPU part over this very machine, with records of its own in a folder of the test's: never those of an agent that
// may be installed here.

import type { AgentContext } from "../../../provider/agent/agent-context";
import type { GpuHost } from "../../../provider/agent/gpu/gpu-host";
import { loadPartitionRecords } from "../../../provider/agent/gpu/record/partition-records";
import { hostPaths } from "../../../provider/agent/host-paths";
import type { System } from "../../../provider/agent/system/system";

/** The GPU part, put together anew from what is in `folder`, as a start of the agent does. It knows no VM. */
export async function openLocalGpus(system: System, folder: string): Promise<GpuHost> {
  const log = { write: () => undefined, child: () => log };
  const ctx: AgentContext = { system, paths: { ...hostPaths(), state: folder }, log };
  return { ctx, records: await loadPartitionRecords(ctx), knowsVm: () => false };
}
