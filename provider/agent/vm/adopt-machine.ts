// Takes a live QEMU into the agent's hands: its monitor, its console log, and what is noted when it ends.

import type { Agent } from "../agent";
import type { Machine } from "./machines";

/** Holds the machine and notes its end. */
export function adoptMachine(agent: Agent, machine: Machine): Machine {
  agent.machines.attach(machine, (ended) => {
    const record = agent.records.get(ended.vmId);
    const wanted = record?.role === "owner" && record.wantsToRun;
    agent.ctx.log.write(wanted ? "warn" : "info", "qemu-ended", { vm: ended.vmId, pid: ended.mark.pid, role: record?.role });
  });
  return machine;
}
