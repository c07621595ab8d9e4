// The way back of a cold move, once this host's record says owner: the QEMU that carried the disks ends, and a guest that
// ran is started from its boot loader. Nothing here depends on what is in memory: a restarted agent calls it as well.

import type { VmRecord } from "../../../../model/ownership";
import { endMachine } from "../../../vm/machine/end-machine";
import type { Machine } from "../../../vm/machine/machines";
import { startVm } from "../../../vm/start-vm";
import type { SourceMove } from "../source-move";

type ColdMove = Pick<SourceMove, "agent" | "note" | "record" | "work"> & { readonly machine?: Machine };

/** Starts the guest again. One that does not start is logged: the record says owner, and it is tried again by policy. */
export async function startAnew(move: ColdMove): Promise<void> {
  const { agent, note } = move;
  await endCarrier(move, move.machine ?? agent.machines.get(note.vmId));
  try {
    await startVm(agent, agent.records.get(note.vmId) ?? move.record, move.work);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    agent.ctx.log.write("error", "cold-start-failed", { moveId: note.moveId, vm: note.vmId, error: why });
  }
}

/** Ends the QEMU that carried the disks, and every copy with it. Nothing where it has ended. */
export async function endCarrier(
  move: Pick<ColdMove, "agent" | "record">,
  machine: Machine | undefined,
): Promise<VmRecord> {
  const { agent, record } = move;
  agent.machines.detach(record.vmId);
  await machine?.qmp.execute("quit", {}, { timeoutMs: 3_000 }).catch(() => undefined); // mute or gone: killed below
  machine?.qmp.close();
  await endMachine(agent, record.vmId);
  const { qemu: _ended, ...rest } = agent.records.get(record.vmId) ?? record;
  return agent.records.save(rest);
}
