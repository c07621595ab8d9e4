// A guest that this host owns and that stands still, though it is to run: continued, and a mute QEMU tried again and again.
// It starts no process: a VM without one is for the restart policy.

import type { VmRecord } from "../../../model/ownership";
import { goOn } from "../../../model/recovery/decide-recovery";
import type { Agent } from "../../agent";
import { letGuestGo } from "../../vm/let-guest-go";
import { noteDecision } from "../../vm/record/decision-log";
import { pause } from "../poll-until";
import { lookAtHost } from "./look-at-move";

const againMs = 1_000;

/** Returns once the guest runs, has no QEMU, stands still for its own reasons, or is no longer this call's to see to. Never throws. */
export async function goOnOwned(agent: Agent, vmId: string): Promise<void> {
  for (;;) {
    const record = agent.records.get(vmId);
    if (record?.role !== "owner" || agent.operations.running(vmId) !== undefined) return;
    const view = await lookAtHost(agent, record, undefined);
    const isDue = goOn(view, "live").guest === "continue";
    if (!isDue && view.qemu !== "mute") return;
    if (isDue && (await isContinued(agent, record, view.qemu))) return;
    await pause(againMs);
  }
}

async function isContinued(agent: Agent, record: VmRecord, status: string): Promise<boolean> {
  const { vmId, generation } = record;
  noteDecision(agent.ctx, vmId, {
    decision: "continued",
    because: ["this host's record says owner, and the guest stood still"],
    evidence: { status, generation },
  });
  try {
    const machine = agent.machines.get(vmId);
    // The agent may have died between the start of its QEMU and the guest's first step, before the address led here.
    if (machine !== undefined) await letGuestGo(agent, record, machine);
    return true;
  } catch (error) {
    agent.ctx.log.write("warn", "not-continued", {
      vm: vmId,
      error: error instanceof Error ? error.message : String(error),
    });
    return false;
  }
}
