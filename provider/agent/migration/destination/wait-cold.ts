// The destination of a cold move, once the disks are equal: the QEMU that took them makes room for an ordinary one, which
// stands still before its guest's first step. All that can fail about the start fails here, before the source releases.

import { LeeaError } from "../../../model/errors";
import type { VmRecord } from "../../../model/ownership";
import type { Agent } from "../../agent";
import { endMachine } from "../../vm/machine/end-machine";
import { launchMachine } from "../../vm/machine/launch-machine";
import { removeMoveKey } from "../write-move-key";

/** Exchanges the QEMUs; a VM that was not to run gets none. Asked twice it does nothing. Errors: those of a launch. */
export async function waitCold(agent: Agent, record: VmRecord): Promise<void> {
  if (await isWaiting(agent, record)) return;
  await endMachine(agent, record.vmId);
  await removeMoveKey(agent.ctx, record.vmId, "server");
  const { qemu: _ended, ...rest } = agent.records.get(record.vmId) ?? record;
  const saved = await agent.records.save(rest);
  if (record.wantsToRun) await launchMachine(agent, saved, { incoming: false });
}

/** Error: PEER_REFUSED where the disks were not settled, or the QEMU that waited has ended. */
export async function demandWaiting(agent: Agent, record: VmRecord): Promise<void> {
  if (await isWaiting(agent, record)) return;
  throw new LeeaError({
    code: "PEER_REFUSED",
    message: "no QEMU waits for the guest's start",
    hint: "The source takes the VM back; run the move again.",
  });
}

async function isWaiting(agent: Agent, record: VmRecord): Promise<boolean> {
  const machine = agent.machines.get(record.vmId);
  if (!record.wantsToRun) return machine === undefined && agent.records.get(record.vmId)?.qemu === undefined;
  return (await machine?.qmp.execute("query-status"))?.status === "prelaunch";
}
