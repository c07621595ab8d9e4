// A QEMU ended, or its guest stands for good, without being asked by us: the guest powered off or panicked, or something
// killed QEMU. What the record says decides what follows; whether it starts again is restart/'s to decide.

import type { VmRecord } from "../../model/ownership";
import { restartDefault } from "../../model/vm-spec";
import type { Agent } from "../agent";
import { judgeIncoming } from "../migration/recovery/judge-incoming";
import { lastWordsOfQemu } from "../qemu/vm-log-files";
import type { EndedMachine, Halt, Machine } from "./machine/machines";
import { noteDecision } from "./record/decision-log";
import { keepRunning } from "./restart/keep-running";

/** Writes the end down. A destination whose QEMU ended before the grant gives the move up. */
export async function noteMachineEnd(agent: Agent, ended: EndedMachine): Promise<void> {
  const words = ended.byGuest ? undefined : await lastWordsOfQemu(agent.ctx, ended.vmId).catch(() => undefined); // only told
  const record = agent.records.get(ended.vmId);
  const level = ended.byGuest || record?.role !== "owner" ? "info" : "warn";
  agent.ctx.log.write(level, "qemu-ended", {
    vm: ended.vmId,
    pid: ended.mark.pid,
    role: record?.role,
    byGuest: ended.byGuest,
  });
  if (record === undefined) return;
  noteDecision(agent.ctx, ended.vmId, {
    decision: ended.byGuest ? "powered-off" : "crashed",
    because: [
      ended.byGuest ? "the guest powered itself off" : "its QEMU ended without being asked to",
      ...(words === undefined ? [] : [`QEMU's last words: ${words}`]),
    ],
    evidence: { pid: ended.mark.pid, role: record.role },
  });
  await attempt(agent, ended.vmId, async () => {
    if (record.role === "incoming") await judgeIncoming(agent, record.vmId, false);
    if (ended.byGuest) await keepOff(agent, record);
    await keepRunning(agent, ended.vmId, ended.byGuest ? "powered-off" : "crashed");
  });
}

/**
 * A guest that powered off: written down, then its QEMU ends, so that an agent which dies between takes it for no crash.
 * While it moves, its QEMU ends at once: a guest that is off must not go over.
 */
export async function noteMachineHalt(agent: Agent, machine: Machine, halt: Halt): Promise<void> {
  const { vmId, qmp } = machine;
  agent.ctx.log.write("warn", "guest-halted", { vm: vmId, halt });
  if (halt === "panicked") return attempt(agent, vmId, () => keepRunning(agent, vmId, "panicked"));
  const record = agent.records.get(vmId);
  const moves = agent.operations.running(vmId)?.kind === "move-vm";
  if (record !== undefined && !moves) await attempt(agent, vmId, () => keepOff(agent, record));
  await qmp.execute("quit").catch(() => undefined); // it has ended by other means
}

/** Off by its guest's own doing is off as wanted, unless it is to run always. */
async function keepOff(agent: Agent, record: VmRecord): Promise<void> {
  if (record.role !== "owner" || !record.wantsToRun || (record.spec.restart ?? restartDefault) === "always") return;
  await agent.records.save({ ...record, wantsToRun: false });
}

async function attempt(agent: Agent, vmId: string, act: () => Promise<void>): Promise<void> {
  try {
    await act();
  } catch (error) {
    agent.ctx.log.write("error", "end-not-noted", {
      vm: vmId,
      error: error instanceof Error ? error.message : String(error),
    });
  }
}
