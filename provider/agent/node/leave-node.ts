// A host stops being a node: refused while a VM is on it, then everything that leea made is undone. The agent's own
// files are the provider's to remove; packages that set-up installed stay and are named.

import { LeeaError } from "../../model/errors";
import { nameClaim, standingClaims } from "../../model/gpu/owner-guard";
import type { Agent } from "../agent";
import { takeGpuTurn } from "../gpu/gpu-host";
import { unloadModules } from "../gpu/modules/unload-modules";
import { defaultStoragePath } from "../host-paths";
import type { Work } from "../journal/operations";
import { leaveMesh } from "../mesh/mesh";
import { finishLeaving } from "../migration/leave-vm";
import { removeHostNetwork } from "../net/host-network";
import { closePeerServer } from "../peer/ensure-peer-server";
import { forgetNode, readNodeSettings } from "./node-settings";
import { leaveStorage } from "./storage-folder";

/** Leaves. Error: IN_USE, which names every VM and its stack. */
export async function leaveNode(agent: Agent, work: Work): Promise<{ packagesLeft: readonly string[] }> {
  refuseInUse(agent);
  refusePartitions(agent);
  await awaitDeletions(agent);
  await takeGpuTurn(agent.gpus, () => unloadModules(agent.gpus));
  work.report({ phase: "leave" });
  for (const record of agent.records.all()) await finishLeaving(record.vmId);
  await closePeerServer();
  await leaveMesh(agent.ctx);
  await removeHostNetwork(agent.ctx);
  for (const record of agent.records.all()) await agent.records.drop(record.vmId);
  const { installedBySetup } = await readNodeSettings(agent.ctx.system);
  await agent.ctx.system.remove(agent.ctx.paths.vmRun);
  await leaveStorage(agent);
  // Last: an agent that begins between this and its end would make the storage folder again.
  await forgetNode(agent.ctx.system);
  agent.ctx.paths.storage = defaultStoragePath;
  return { packagesLeft: installedBySetup };
}

/** A VM that is being deleted is on no list any more, and its QEMU may still live. */
async function awaitDeletions({ records, operations }: Agent): Promise<void> {
  for (const { vmId } of records.all()) {
    const busy = operations.running(vmId);
    if (busy !== undefined) await operations.wait(busy.operationId);
  }
}

/** A device on vfio-pci whose record is gone would never come back to its driver. */
function refusePartitions({ gpus }: Agent): void {
  const partitions = standingClaims(gpus.records.all());
  if (partitions.length === 0) return;
  throw new LeeaError({
    code: "IN_USE",
    message: `the host still holds GPU partitions:\n${partitions.map((each) => `  ${nameClaim(each)}`).join("\n")}`,
    hint: "Delete them first; nothing was changed.",
    details: { partitions: partitions.map(({ partitionId, owner }) => ({ partitionId, owner })) },
  });
}

function refuseInUse(agent: Agent): void {
  const vms = agent.records.all().filter((record) => ["owner", "incoming", "released"].includes(record.role));
  if (vms.length === 0) return;
  const lines = vms.map((record) => `  VM "${record.spec.name}" of ${record.owner}`);
  throw new LeeaError({
    code: "IN_USE",
    message: `the host still holds VMs:\n${lines.join("\n")}`,
    hint: "Move or delete them first; nothing was changed.",
    details: { vms: vms.map((record) => ({ vmId: record.vmId, name: record.spec.name, owner: record.owner })) },
  });
}
