// Starts a VM that this host owns: disks, network and QEMU stand before the guest takes its first step.

import { LeeaError } from "../../model/errors";
import { mayRun, type VmRecord } from "../../model/ownership";
import type { Agent } from "../agent";
import type { Work } from "../journal/operations";
import { letGuestGo } from "./let-guest-go";
import { launchMachine } from "./machine/launch-machine";
import { noteDecision } from "./record/decision-log";

/** Launches with -S, writes down the process, announces the address, then lets the guest go. Error: START_FAILED. */
export async function startVm(agent: Agent, record: VmRecord, work: Pick<Work, "report">): Promise<void> {
  if (!mayRun(record))
    throw new LeeaError({
      code: "NOT_ALLOWED_NOW",
      message: `the record of VM "${record.spec.name}" says ${record.role}`,
      hint: "Only the host that owns a VM may start it.",
    });
  work.report({ phase: "disks" });
  const machine = await launchMachine(agent, record, { incoming: false, report: work.report });
  work.report({ phase: "start" });
  await letGuestGo(agent, record, machine);
  const { status } = await machine.qmp.execute("query-status");
  noteDecision(agent.ctx, record.vmId, {
    decision: status === "running" ? "started" : "start-failed",
    because: ["it is wanted running, and this host's record says owner"],
    evidence: { status, generation: record.generation, pid: machine.mark.pid },
  });
  if (status !== "running")
    throw new LeeaError({
      code: "START_FAILED",
      message: `Unable to start VM "${record.spec.name}": QEMU stands at ${status}`,
      hint: "Look at the VM's qemu.log on the host.",
    });
}
