// A guest's first step, or its next one after it stood still: its address leads to its tap before it runs. Must be called
// only for a VM that this host owns.

import type { VmRecord } from "../../model/ownership";
import type { Agent } from "../agent";
import { announceVm } from "../net/vm-routes";
import type { Machine } from "./machine/machines";

/** Announces the address, anew where it was announced as a stopped VM's or not at all, and continues the guest. */
export async function letGuestGo(agent: Agent, record: VmRecord, machine: Pick<Machine, "qmp">): Promise<void> {
  if (record.pins.address !== undefined) await announceVm(agent.ctx, { vmId: record.vmId });
  await machine.qmp.execute("cont");
}
