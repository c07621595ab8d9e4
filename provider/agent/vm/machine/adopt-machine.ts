// Takes a live QEMU into the agent's hands: its monitor and its console log.

import { qemuSockets } from "../../../model/qemu-argv/qemu-launch";
import type { Agent } from "../../agent";
import { vmRunFolder } from "../../host-paths";
import { followConsole } from "../../qemu/follow-console";
import { vmLogFiles } from "../../qemu/vm-log-files";
import type { Machine } from "./machines";

/** Holds the machine and keeps its console. */
export function adoptMachine(agent: Agent, machine: Machine): Machine {
  const { paths, log } = agent.ctx;
  const console = followConsole(
    {
      socketPath: qemuSockets(vmRunFolder(paths, machine.vmId)).console,
      logPath: vmLogFiles(paths, machine.vmId).console,
    },
    log,
  );
  const adopted = { ...machine, console };
  agent.machines.attach(adopted);
  return adopted;
}
