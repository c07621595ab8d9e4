// A QEMU ended without being asked by us: the guest powered off, or something killed it. What the record says decides
// what follows; nothing is started here.

import type { Agent } from "../agent";
import { abandonIncoming } from "../migration/destination/incoming-move";
import type { EndedMachine } from "./machine/machines";
import { noteDecision } from "./record/decision-log";

/** Writes the end down. A destination whose QEMU ended before the grant gives the move up. */
export async function noteMachineEnd(agent: Agent, ended: EndedMachine): Promise<void> {
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
    because: [ended.byGuest ? "the guest powered itself off" : "its QEMU ended without being asked to"],
    evidence: { pid: ended.mark.pid, role: record.role },
  });
  try {
    if (record.role === "incoming" && record.moveId !== undefined)
      await abandonIncoming(agent, { vmId: record.vmId, moveId: record.moveId });
    if (record.role === "owner" && ended.byGuest) await agent.records.save({ ...record, wantsToRun: false });
  } catch (error) {
    agent.ctx.log.write("error", "end-not-noted", {
      vm: ended.vmId,
      error: error instanceof Error ? error.message : String(error),
    });
  }
}
