// Deletes a VM and everything of it on this host. A delete that names an older incarnation, or a VM that is gone,
// succeeds and touches nothing; a repeated one goes on where the last one stood.

import { LeeaError } from "../../model/errors";
import type { VmRecord } from "../../model/ownership";
import type { DeleteVmRequest } from "../../protocol/vm";
import type { Agent } from "../agent";
import { vmFolder, vmRunFolder } from "../host-paths";
import type { Work } from "../journal/operations";
import { finishLeaving } from "../migration/leave-vm";
import { removeVmNetwork } from "../net/vm-network";
import { withdrawVm } from "../net/vm-routes";
import { removeVmLogs } from "../qemu/vm-log-files";
import { giveBackGpus } from "./gpus/take-gpus";
import { endMachine } from "./machine/end-machine";
import { noteDecision } from "./record/decision-log";
import { dropRestartNote } from "./restart/restart-note";

/** Gives whether anything was there to delete. Error: CONFLICT (another owner), NOT_ALLOWED_NOW (a move has it). */
export async function deleteVm(
  agent: Agent,
  vmId: string,
  request: DeleteVmRequest,
  work: Work,
): Promise<{ deleted: boolean }> {
  const record = agent.records.get(vmId);
  if (
    record === undefined ||
    record.role === "former" ||
    record.role === "abandoned" ||
    record.incarnation > request.incarnation
  )
    return { deleted: false };
  refuse(record, request);
  const { qemu, ...rest } = record;
  await agent.records.save({
    ...rest,
    ...(qemu === undefined ? {} : { qemu }),
    role: "deleted",
    wantsToRun: false,
    operationId: work.operationId,
  });
  noteDecision(agent.ctx, vmId, {
    decision: "deleted",
    because: [`${record.owner} asked for it`],
    evidence: { operationId: work.operationId, incarnation: record.incarnation, role: record.role },
  });
  await finishLeaving(vmId);
  work.report({ phase: "stop" });
  await endMachine(agent, vmId);
  await giveBackGpus(agent, vmId);
  await withdrawVm(agent.ctx, { vmId });
  await removeVmNetwork(agent.ctx, vmId);
  work.report({ phase: "disks" });
  await agent.ctx.system.remove(vmFolder(agent.ctx.paths, vmId));
  await agent.ctx.system.remove(vmRunFolder(agent.ctx.paths, vmId));
  await dropRestartNote(agent.ctx, vmId);
  await removeVmLogs(agent.ctx, vmId);
  await agent.records.save({ ...rest, role: "deleted", wantsToRun: false, operationId: work.operationId });
  return { deleted: record.role !== "deleted" };
}

function refuse(record: VmRecord, request: DeleteVmRequest): void {
  if (record.role !== "deleted" && record.owner !== request.owner) {
    throw new LeeaError({
      code: "CONFLICT",
      message: `the VM "${record.spec.name}" belongs to ${record.owner}`,
      hint: "Only the stack that owns it may delete it.",
      details: { owner: record.owner },
    });
  }
  if (record.role === "incoming" || record.role === "released") {
    throw new LeeaError({
      code: "NOT_ALLOWED_NOW",
      message: `the VM "${record.spec.name}" stands in a move`,
      hint: "Wait for the move to end, or reach the other host.",
      details: { role: record.role },
    });
  }
}
