// After a start of the agent: every record meets the process that it names. What lives is adopted, what an interrupted
// move left is ended by the record's word, what ought to run and does not is started again as restart/ decides, and a QEMU
// that no record names is reported and never killed.

import type { VmRecord } from "../../model/ownership";
import type { MachineEnd } from "../../model/restart/decide-restart";
import type { Operation, OperationKind } from "../../protocol/operation";
import type { Agent } from "../agent";
import { vmRunFolder } from "../host-paths";
import type { Work } from "../journal/operations";
import { leaveVm } from "../migration/leave-vm";
import { announceOwned } from "../migration/recovery/announce-owned";
import { goOnOwned } from "../migration/recovery/go-on-owned";
import { clearAbandoned, judgeIncoming } from "../migration/recovery/judge-incoming";
import { endLeftOverMoves, resumeMove } from "../migration/source/resume-move";
import { adoptQemu } from "../qemu/adopt-qemu";
import { findUnknownQemus } from "../qemu/find-unknown-qemus";
import type { ProcessMark } from "../system/system";
import { deleteVm } from "./delete-vm";
import { matchGpus } from "./gpus/match-gpus";
import { adoptLater } from "./machine/adopt-later";
import { adoptMachine } from "./machine/adopt-machine";
import { endMachine } from "./machine/end-machine";
import { portsOf } from "./machine/launch-machine";
import type { Machine } from "./machine/machines";
import { noteMachineEnd, noteMachineHalt } from "./note-machine-end";
import { noteDecision } from "./record/decision-log";
import { isKnown, noteKnown } from "./record/known-since-boot";
import { keepRunning } from "./restart/keep-running";

/** Adopts, then ends what was interrupted. Trouble with one VM is logged and stops no other. */
export async function recoverVms(agent: Agent, interrupted: readonly Operation[]): Promise<void> {
  for (const record of agent.records.all()) {
    const work = interrupted.find(({ vmId }) => vmId === record.vmId)?.kind;
    await attempt(agent, record.vmId, () => adopt(agent, record, work));
  }
  const known = agent.records.all().flatMap((record) => (record.qemu === undefined ? [] : [record.qemu.pid]));
  for (const stray of await findUnknownQemus(agent.ctx, known))
    agent.ctx.log.write("error", "unknown-qemu", { pid: stray.pid, vm: stray.vmId });
  for (const operation of interrupted) {
    if (operation.kind === "move-vm") await attempt(agent, operation.vmId ?? "", () => resumeMove(agent, operation));
    else if (operation.kind === "delete-vm") await resumeDelete(agent, operation);
    else if (operation.partitionId === undefined)
      await agent.operations.resume({ ...operation, run: () => Promise.reject(interruptedError()) });
  }
  await endLeftOverMoves(agent);
  for (const record of agent.records.all()) await attempt(agent, record.vmId, () => settle(agent, record));
}

/** After the tombstone nobody asks for the VM again, so nobody else would take away what is left of it. */
async function resumeDelete(agent: Agent, { operationId, kind, vmId = "" }: Operation): Promise<void> {
  const record = agent.records.get(vmId);
  const run = (work: Work): Promise<unknown> =>
    record?.role === "deleted"
      ? deleteVm(agent, vmId, { operationId, owner: record.owner, incarnation: record.incarnation }, work)
      : Promise.reject(interruptedError());
  await agent.operations.resume({ operationId, kind, vmId, run });
  await agent.operations.wait(operationId);
}

/** `work`: the operation on the VM that was interrupted. */
async function adopt(agent: Agent, record: VmRecord, work: OperationKind | undefined): Promise<void> {
  const { qemu } = record;
  const adopted = await adoptQemu(agent.ctx, {
    vmId: record.vmId,
    ...(qemu === undefined ? {} : { mark: qemu }),
    runFolder: vmRunFolder(agent.ctx.paths, record.vmId),
  });
  if (qemu === undefined && adopted.state === "dead") return;
  noteDecision(agent.ctx, record.vmId, {
    decision: adopted.state === "alive" ? "found-running" : "found-not-running",
    because: [`the agent began, and the QEMU of its record is ${adopted.state}`],
    evidence: { pid: qemu?.pid, role: record.role, generation: record.generation },
  });
  if (adopted.state === "dead") return;
  const found = await noteFound(agent, record, adopted.mark);
  if (adopted.state === "alive") {
    const machine = adoptMachine(agent, { vmId: record.vmId, mark: adopted.mark, qmp: adopted.client });
    // A guest that was shut down for its move is the move's to go on with.
    return work === "move-vm" ? undefined : noteMissedHalt(agent, found, machine, work !== undefined);
  }
  agent.ctx.log.write("warn", "qemu-not-adopted", { vm: record.vmId, pid: adopted.mark.pid, reason: adopted.reason });
}

/** A QEMU whose start was not written down any more was started from the record as it stands. */
async function noteFound(agent: Agent, record: VmRecord, mark: ProcessMark): Promise<VmRecord> {
  if (record.role === "owner") await noteKnown(agent.ctx, record); // no QEMU outlives a boot
  if (record.qemu?.pid === mark.pid && record.qemu.startTicks === mark.startTicks) return record;
  const { pid, startTicks } = mark;
  // One that waits for a move has those of the source's machine, and ends with its move.
  const ports = record.role === "owner" ? portsOf(record, { incoming: false }) : {};
  return agent.records.save({ ...record, launched: record.spec, qemu: { pid, startTicks, ...ports } });
}

/** A guest that powered off while no agent looked is told like any other that did, unless an operation had asked it to. */
async function noteMissedHalt(agent: Agent, record: VmRecord, machine: Machine, wasAsked: boolean): Promise<void> {
  const { status } = await machine.qmp.execute("query-status");
  if (status !== "shutdown" || record.role !== "owner") return;
  if (wasAsked) return endMachine(agent, record.vmId);
  agent.machines.detach(record.vmId);
  await noteMachineHalt(agent, machine, "powered-off");
  await endMachine(agent, record.vmId);
  await noteMachineEnd(agent, { ...machine, byGuest: true });
}

/** What the record says must still happen. */
async function settle(agent: Agent, record: VmRecord): Promise<void> {
  const machine = agent.machines.get(record.vmId);
  if (record.role === "former") leaveVm(agent, record.vmId);
  if (record.role === "incoming") await judgeIncoming(agent, record.vmId, false);
  if (record.role === "abandoned") await clearAbandoned(agent, record.vmId);
  if ((record.role !== "owner" && record.role !== "released") || !record.wantsToRun) return;
  // A released one may come back by its move's end, which is waited for.
  if (machine === undefined) return void attempt(agent, record.vmId, () => findAgain(agent, record));
  if (agent.operations.running(record.vmId) !== undefined) return;
  const { status } = await machine.qmp.execute("query-status");
  if (status === "guest-panicked") return startLater(agent, record.vmId, "panicked");
  if (record.moveId !== undefined) await announceOwned(agent, record.vmId); // its move's end has not come
  // Not waited for: a mute QEMU is looked at again and again.
  void goOnOwned(agent, record.vmId).then(() => attempt(agent, record.vmId, () => matchGpus(agent, record.vmId)));
}

/** One that is mute now is no crash: only where it stays so, or is gone, the VM is started again. */
async function findAgain(agent: Agent, record: VmRecord): Promise<void> {
  const isThere = record.qemu !== undefined && (await agent.ctx.system.isAlive(record.qemu));
  if (!isThere || (await adoptLater(agent, record)) === undefined)
    return startLater(agent, record.vmId, await endOf(agent, record));
  await settle(agent, agent.records.get(record.vmId) ?? record);
}

/** Not waited for: an interrupted move of the VM may take its time, and the agent is to answer. */
function startLater(agent: Agent, vmId: string, end: MachineEnd): void {
  void attempt(agent, vmId, () => keepRunning(agent, vmId, end));
}

/** A record that nothing has confirmed since the boot was written before it. */
async function endOf(agent: Agent, record: VmRecord): Promise<MachineEnd> {
  return (await isKnown(agent.ctx, record)) ? "crashed" : "host-down";
}

async function attempt(agent: Agent, vmId: string, act: () => Promise<void>): Promise<void> {
  try {
    await act();
  } catch (error) {
    agent.ctx.log.write("error", "recovery-failed", {
      vm: vmId,
      error: error instanceof Error ? error.message : String(error),
    });
  }
}

function interruptedError(): Error {
  return new Error("the agent was ended while the operation ran; run again: every step goes on where it stood");
}
