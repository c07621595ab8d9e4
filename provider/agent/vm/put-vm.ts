// Makes a VM, adopts it, or brings it to a changed spec. Every step is "ensure": a repeated call after a crash at any
// point goes on where the last one stood, and two calls never make two QEMUs.

import { LeeaError } from "../../model/errors";
import type { VmRecord } from "../../model/ownership";
import type { VmSpec } from "../../model/vm-spec";
import type { PutVmRequest, VmReport } from "../../protocol/vm";
import type { Agent } from "../agent";
import type { Work } from "../journal/operations";
import { takeTurn } from "../mesh/take-turn";
import { finishLeaving } from "../migration/leave-vm";
import { setIngress } from "../net/vm-network";
import { announceStoppedVm } from "../net/vm-routes";
import type { QmpRunState } from "../qmp/commands";
import { lacksGpuPorts, matchGpus } from "./gpus/match-gpus";
import { giveBackGpus, wantedGpus } from "./gpus/take-gpus";
import { letGuestGo } from "./let-guest-go";
import { diskPath } from "./machine/launch-machine";
import { needsRestart } from "./needs-restart";
import { adjustPins } from "./record/adjust-pins";
import { birthRecord } from "./record/birth-record";
import { noteDecision } from "./record/decision-log";
import { reportVm } from "./report-vm";
import { dropRestartNote } from "./restart/restart-note";
import { startVm } from "./start-vm";
import { stopVm } from "./stop-vm";

/** Runs the operation and reads back. Errors: CONFLICT (another owner), NOT_ALLOWED_NOW (it moved away), INPUT_INVALID, START_FAILED. */
export async function putVm(agent: Agent, vmId: string, request: PutVmRequest, work: Work): Promise<VmReport> {
  // Side by side, two births would choose one address and one user: each is written down before the next one chooses.
  const { before, changed } = await takeTurn(agent.ctx, "birth", () => writeDown(agent, vmId, request, work));
  await removeDroppedDisks(agent, before, changed);
  await settle(agent, before, changed, work);
  return reportVm(agent, agent.records.get(vmId) ?? changed);
}

/** The record before and the one that says what is wanted now, synced. */
async function writeDown(
  agent: Agent,
  vmId: string,
  request: PutVmRequest,
  work: Work,
): Promise<{ before: VmRecord; changed: VmRecord }> {
  await finishLeaving(vmId);
  const known = agent.records.get(vmId);
  refuseForeign(known, request);
  const owned = known?.role === "owner" ? known : undefined;
  const before = owned ?? (await birthRecord(agent, vmId, request));
  refuseShrinking(before.spec, request);
  const adopted = owned !== undefined && request.creating;
  const changed = await agent.records.save({
    ...before,
    logicalName: request.logicalName,
    spec: request.spec,
    pins: owned === undefined ? before.pins : await adjustPins(agent, before, request.spec),
    incarnation: before.incarnation + (adopted ? 1 : 0),
    operationId: work.operationId,
    wantsToRun: request.spec.powerState === "running",
  });
  noteWritten(agent, owned === undefined ? "created" : adopted ? "adopted" : "changed", changed);
  return { before, changed };
}

function noteWritten(agent: Agent, decision: "created" | "adopted" | "changed", record: VmRecord): void {
  const { vmId, owner, operationId, generation, incarnation, wantsToRun } = record;
  noteDecision(agent.ctx, vmId, {
    decision,
    because: [`${owner} declared it ${wantsToRun ? "running" : "stopped"} on this host`],
    evidence: { operationId, generation, incarnation },
  });
}

/** The guest is over, though its QEMU stands: `cont` is refused. */
const endedStates: readonly QmpRunState[] = ["guest-panicked", "shutdown", "internal-error"];

/** Brings QEMU to what the record now says. */
async function settle(agent: Agent, before: VmRecord, wanted: VmRecord, work: Work): Promise<void> {
  const runs = agent.machines.get(wanted.vmId) !== undefined;
  const mustEnd = !wanted.wantsToRun || needsRestart(wanted.launched ?? before.spec, wanted.spec);
  if (runs && (mustEnd || (await lacksGpuPorts(agent, wanted)))) {
    work.report({ phase: "stop", message: "the guest is asked to shut down" });
    await stopVm(
      agent,
      wanted,
      wanted.wantsToRun ? "a change of its hardware needs a restart" : "it was declared stopped",
    );
  }
  if (!wanted.wantsToRun) {
    if (wanted.pins.address !== undefined)
      await announceStoppedVm(agent.ctx, { vmId: wanted.vmId, address: wanted.pins.address });
    return giveBackGpus(agent, wanted.vmId, await wantedGpus(agent.ctx, wanted.spec));
  }
  const machine = agent.machines.get(wanted.vmId);
  const status = await machine?.qmp.execute("query-status");
  if (machine === undefined || endedStates.includes(status?.status ?? "running")) {
    await dropRestartNote(agent.ctx, wanted.vmId); // started by hand: it has failed at nothing yet
    return startVm(agent, wanted, work);
  }
  await setIngress(agent.ctx, wanted.vmId, wanted.spec.nics);
  if (status?.running === false) await letGuestGo(agent, wanted, machine);
  if ((wanted.spec.gpus ?? before.spec.gpus) === undefined) return;
  work.report({ phase: "gpus" });
  await matchGpus(agent, wanted.vmId);
}

function refuseForeign(known: VmRecord | undefined, request: PutVmRequest): void {
  if (known === undefined) return;
  if (known.role === "deleted" || known.role === "abandoned") return;
  if (known.owner !== request.owner) {
    throw new LeeaError({
      code: "CONFLICT",
      message: `the VM "${known.spec.name}" belongs to ${known.owner}`,
      hint: "Give yours another name, or import it into the stack that owns it.",
      details: { owner: known.owner },
    });
  }
  if (known.role === "owner") return;
  if (known.role === "former" && known.movedTo !== undefined && request.confirmedGoneFrom === known.movedTo.nodeId)
    return;
  throw new LeeaError({
    code: "NOT_ALLOWED_NOW",
    message: `the VM "${known.spec.name}" is ${known.role} on this host`,
    hint: "Run `pulumi refresh` first: it follows the VM to where it is.",
    details: { role: known.role, movedTo: known.movedTo },
  });
}

function refuseShrinking(before: VmSpec, request: PutVmRequest): void {
  const problems = before.disks.flatMap((disk) => {
    const index = request.spec.disks.findIndex((candidate) => candidate.name === disk.name);
    const wanted = request.spec.disks[index];
    if (wanted === undefined && !request.allowDataLoss)
      return [
        {
          field: "disks",
          message: `the disk "${disk.name}" would be removed with its data; set allowDataLoss: true to permit it`,
        },
      ];
    if (wanted !== undefined && wanted.sizeBytes < disk.sizeBytes)
      return [{ field: `disks[${index}].size`, message: `a disk cannot shrink: it has ${disk.sizeBytes} bytes` }];
    return [];
  });
  if (problems.length === 0) return;
  const lines = problems.map((problem) => `  ${problem.field}: ${problem.message}`).join("\n");
  throw new LeeaError({
    code: "INPUT_INVALID",
    message: `VM "${before.name}" cannot be changed as declared:\n${lines}`,
    hint: "Mend the fields named above; nothing was changed.",
    details: { problems },
  });
}

async function removeDroppedDisks(agent: Agent, before: VmRecord, after: VmRecord): Promise<void> {
  const dropped = before.spec.disks.filter(
    (disk) => !after.spec.disks.some((candidate) => candidate.name === disk.name),
  );
  if (dropped.length === 0) return;
  await stopVm(agent, before, "a disk of it was dropped from its declaration");
  for (const disk of dropped) await agent.ctx.system.remove(diskPath(agent.ctx, before.vmId, disk.name));
}
