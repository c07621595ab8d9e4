// Takes a live QEMU into the agent's hands: its monitor, its console log, and what is noted when it ends.

import { qemuSockets } from "../../../model/qemu-argv/qemu-launch";
import type { Agent } from "../../agent";
import { vmRunFolder } from "../../host-paths";
import { followConsole } from "../../qemu/follow-console";
import { vmLogFiles } from "../../qemu/vm-log-files";
import type { Machine } from "./machines";

/** Holds the machine, keeps its console, and notes its end. */
export function adoptMachine(agent: Agent, machine: Machine): Machine {
  const { paths, log } = agent.ctx;
  followConsole({ socketPath: qemuSockets(vmRunFolder(paths, machine.vmId)).console, logPath: vmLogFiles(paths, machine.vmId).console }, log);
  agent.machines.attach(machine, (ended) => {
    const record = agent.records.get(ended.vmId);
    const wanted = record?.role === "owner" && record.wantsToRun;
    agent.ctx.log.write(wanted ? "warn" : "info", "qemu-ended", { vm: ended.vmId, pid: ended.mark.pid, role: record?.role });
  });
  return machine;
}
