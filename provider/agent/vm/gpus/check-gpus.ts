// What stands against a VM's GPUs on this host, before anything is made: every reason at once, nothing changes.

import { nameClaim, refuseHolder } from "../../../model/gpu/owner-guard";
import { portCounts } from "../../../model/qemu-argv/pci-layout";
import type { VmSpec } from "../../../model/vm-spec";
import type { Agent } from "../../agent";
import { wantedGpus } from "./take-gpus";

/** Reasons as sentences, each with its field. */
export async function checkGpus(agent: Agent, vmId: string, spec: Pick<VmSpec, "gpus">): Promise<readonly string[]> {
  const wanted = await wantedGpus(agent.ctx, spec);
  const tooMany =
    wanted.length > portCounts.gpu ? [`gpus: ${wanted.length} on one host are more than ${portCounts.gpu}`] : [];
  return [...tooMany, ...wanted.flatMap((partitionId) => refuse(agent, vmId, partitionId))];
}

function refuse({ gpus }: Agent, vmId: string, partitionId: string): readonly string[] {
  const record = gpus.records.get(partitionId);
  if (record === undefined || record.phase === "released" || record.phase === "releasing")
    return [`gpus: the host has no GPU partition ${partitionId}; \`leea gpus\` lists those that it has`];
  const refusal = refuseHolder(record, { kind: "vm", id: vmId });
  if (refusal === undefined) return [];
  const who = gpus.knowsVm(record.holder?.id ?? "")
    ? ""
    : `, and the host knows that VM no more; \`leea gpus --release ${partitionId}\` gives it back`;
  return [`gpus: ${nameClaim(record)} is given already${who}`];
}
