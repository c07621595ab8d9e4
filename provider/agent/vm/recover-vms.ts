// After a start of the agent: every record meets the process that it names. What lives is adopted, what an interrupted
// move left is ended by the record's word, and an unknown QEMU is reported and never killed.

import type { VmRecord } from "../../model/ownership";
import type { Operation } from "../../protocol/operation";
import type { Agent } from "../agent";
import { vmRunFolder } from "../host-paths";
import { abandonIncoming } from "../migration/destination/incoming-move";
import { leaveVm } from "../migration/leave-vm";
import { resumeMove } from "../migration/source/resume-move";
import { adoptQemu } from "../qemu/adopt-qemu";
import { findUnknownQemus } from "../qemu/find-unknown-qemus";
import { adoptMachine } from "./machine/adopt-machine";
import { noteDecision } from "./record/decision-log";

/** Adopts, then ends what was interrupted. Trouble with one VM is logged and stops no other. */
export async function recoverVms(agent: Agent, interrupted: readonly Operation[]): Promise<void> {
  for (const record of agent.records.all()) await attempt(agent, record.vmId, () => adopt(agent, record));
  const known = agent.records.all().flatMap((record) => (record.qemu === undefined ? [] : [record.qemu.pid]));
  for (const stray of await findUnknownQemus(agent.ctx, known))
    agent.ctx.log.write("error", "unknown-qemu", { pid: stray.pid });
  for (const operation of interrupted) {
    if (operation.kind === "move-vm") await attempt(agent, operation.vmId ?? "", () => resumeMove(agent, operation));
    else await agent.operations.resume({ ...operation, run: () => Promise.reject(interruptedError()) });
  }
  for (const record of agent.records.all()) await attempt(agent, record.vmId, () => settle(agent, record));
}

async function adopt(agent: Agent, record: VmRecord): Promise<void> {
  if (record.qemu === undefined) return;
  const adopted = await adoptQemu(agent.ctx, {
    vmId: record.vmId,
    mark: record.qemu,
    runFolder: vmRunFolder(agent.ctx.paths, record.vmId),
  });
  noteDecision(agent.ctx, record.vmId, {
    decision: adopted.state === "alive" ? "found-running" : "found-not-running",
    because: [`the agent began, and the QEMU of its record is ${adopted.state}`],
    evidence: { pid: record.qemu.pid, role: record.role, generation: record.generation },
  });
  if (adopted.state === "alive") adoptMachine(agent, { vmId: record.vmId, mark: record.qemu, qmp: adopted.client });
  else agent.ctx.log.write("warn", "qemu-not-adopted", { vm: record.vmId, pid: record.qemu.pid, state: adopted.state });
}

/** What the record says must still happen. */
async function settle(agent: Agent, record: VmRecord): Promise<void> {
  const machine = agent.machines.get(record.vmId);
  if (record.role === "former") leaveVm(agent, record.vmId);
  if (record.role === "incoming" && machine === undefined && record.moveId !== undefined) {
    await abandonIncoming(agent, { moveId: record.moveId, vmId: record.vmId });
  }
  if (record.role !== "owner" || machine === undefined || !record.wantsToRun) return;
  if (agent.operations.running(record.vmId) !== undefined) return;
  const { status } = await machine.qmp.execute("query-status");
  if (status !== "paused" && status !== "prelaunch" && status !== "postmigrate") return;
  noteDecision(agent.ctx, record.vmId, {
    decision: "continued",
    because: ["the agent began, this host's record says owner, and the guest stood still"],
    evidence: { status, generation: record.generation },
  });
  await machine.qmp.execute("cont");
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
