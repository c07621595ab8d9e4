// Stops a guest in order: asks by ACPI, waits, then ends QEMU. The record says before that it is not to run, or that it
// is about to be started again.

import type { VmRecord } from "../../model/ownership";
import type { Agent } from "../agent";
import { withdrawVm } from "../net/vm-routes";
import { askToShutDown } from "./machine/ask-to-shut-down";
import { endMachine } from "./machine/end-machine";
import { noteDecision } from "./record/decision-log";

const shutdownMs = 30_000;

/** Shuts down, or powers off when the guest has not ended after 30 s. `because` goes into the VM's story. */
export async function stopVm(agent: Agent, record: VmRecord, because: string): Promise<void> {
  const machine = agent.machines.get(record.vmId);
  if (machine !== undefined) {
    agent.machines.detach(record.vmId); // its end is our doing, not the guest's
    const { running } = await machine.qmp.execute("query-status").catch(() => ({ running: false }));
    if (running) await askToShutDown(machine.qmp, shutdownMs).catch(() => false); // it has ended just now
    await machine.qmp.execute("quit").catch(() => undefined); // it has ended by itself
    machine.qmp.close();
  }
  await endMachine(agent, record.vmId);
  const { qemu: _ended, ...rest } = agent.records.get(record.vmId) ?? record;
  await agent.records.save(rest);
  noteDecision(agent.ctx, record.vmId, { decision: "stopped", because: [because] });
  if (record.pins.address !== undefined) await withdrawVm(agent.ctx, { vmId: record.vmId });
}
