// Brings a running machine's GPUs to what its record says: what is missing is plugged in, what is no longer wanted is
// ejected. After a change, a move, a crash of the agent or of a move alike; called again it finds nothing to do.

import { LeeaError } from "../../../model/errors";
import type { VmRecord } from "../../../model/ownership";
import type { Agent } from "../../agent";
import { takeTurn } from "../../mesh/take-turn";
import type { QmpClient } from "../../qmp/qmp-client";
import { ejectGpus, findFreePort, plugGpu, readPlugged } from "./plugged-gpus";
import { giveBackGpus, takeGpu, wantedGpus } from "./take-gpus";

/** How long a guest is waited for that is asked to let go of a device. */
const ejectLimitMs = 30_000;

/** True where it has to begin anew to have what is wanted: a machine cannot get more root ports while it runs. */
export async function lacksGpuPorts(agent: Agent, { spec, qemu }: VmRecord): Promise<boolean> {
  return (await wantedGpus(agent.ctx, spec)).length > (qemu?.gpuPorts ?? 0);
}

/**
 * Plugs and ejects. Nothing where this host does not own it, or its machine has no ports. Errors: those of givePartition
 * and plugGpu; IN_USE (the guest keeps a device that is to go).
 */
export function matchGpus(agent: Agent, vmId: string): Promise<void> {
  return takeTurn(agent.ctx, `gpus-of-${vmId}`, async () => {
    const record = agent.records.get(vmId);
    const qmp = agent.machines.get(vmId)?.qmp;
    if (record?.role !== "owner" || qmp === undefined) return;
    if ((record.qemu?.gpuPorts ?? 0) > 0) await match(agent, record, qmp);
  });
}

/** The same at the end of a move, which has succeeded or been undone all the same: what keeps a GPU out is told, and mended by the next `up`. */
export async function matchGpusOrTell(agent: Agent, vmId: string): Promise<void> {
  await matchGpus(agent, vmId).catch((error: unknown) =>
    agent.ctx.log.write("warn", "gpus-not-plugged", { vm: vmId, error: String(error) }),
  );
}

async function match(agent: Agent, record: VmRecord, qmp: QmpClient): Promise<void> {
  const wanted = await wantedGpus(agent.ctx, record.spec);
  await dropUnwanted(agent, record, { qmp, wanted });
  for (const partitionId of wanted) {
    const plugged = await readPlugged(qmp);
    const port = findFreePort(plugged, record.qemu?.gpuPorts ?? 0);
    if (plugged.has(partitionId) || port === undefined) continue;
    await plugGpu(qmp, await takeGpu(agent, record, { partitionId, port }));
    agent.ctx.log.write("info", "gpu-plugged", { vm: record.vmId, partition: partitionId, port });
  }
  const after = await readPlugged(qmp);
  const missing = wanted.filter((partitionId) => !after.has(partitionId));
  if (missing.length > 0) throw missingError(record, missing);
}

async function dropUnwanted(
  agent: Agent,
  { vmId, spec }: VmRecord,
  { qmp, wanted }: { readonly qmp: QmpClient; readonly wanted: readonly string[] },
): Promise<void> {
  const extra = [...(await readPlugged(qmp)).keys()].filter((partitionId) => !wanted.includes(partitionId));
  const left = extra.length === 0 ? [] : await ejectGpus(qmp, extra, { limitMs: ejectLimitMs });
  if (left.length > 0) throw keptError(spec.name, left, ejectLimitMs);
  await giveBackGpus(agent, vmId, wanted);
}

/** The guest did not let go of these in time. */
export function keptError(name: string, partitionIds: readonly string[], limitMs: number): LeeaError {
  return new LeeaError({
    code: "IN_USE",
    message: `the guest of VM "${name}" does not let go of GPU partition ${partitionIds.join(", ")} within ${limitMs / 1000} s`,
    hint: "End what uses the device in the guest (its driver must be able to unload it), and run again; or stop the VM first.",
    details: { trouble: "held-by-vm", partitionIds },
  });
}

function missingError({ spec }: VmRecord, partitionIds: readonly string[]): LeeaError {
  return new LeeaError({
    code: "START_FAILED",
    message: `VM "${spec.name}" runs without GPU partition ${partitionIds.join(", ")}: its machine has no free port for it`,
    hint: "Run again: it is plugged in, or the VM is started anew with it.",
    details: { partitionIds },
  });
}
