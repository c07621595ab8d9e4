// The way back of a cold move. Nothing here depends on what is in memory: a restarted agent calls the same functions
// with what it reads in the note. Before: the record says that this host owns the VM.

import type { VmRecord } from "../../../../model/ownership";
import { diskNode } from "../../../../model/qemu-argv/qemu-launch";
import { endMachine } from "../../../vm/machine/end-machine";
import type { Machine } from "../../../vm/machine/machines";
import { noteDecision } from "../../../vm/record/decision-log";
import { startVm } from "../../../vm/start-vm";
import { takeRouteBack } from "../move-route";
import { undoMove } from "../phases/cancel";
import type { SourceMove } from "../source-move";
import { tellGivenUp } from "../tell-given-up";

/** What the way back needs; the machine is the one that carried the disks, where one is known. */
export type ColdMove = Pick<SourceMove, "agent" | "note" | "record" | "work"> & { readonly machine?: Machine };

/** Undoes a cold move that was not released: a guest that was not yet asked to shut down goes on, any other starts anew. */
export async function undoColdMove(move: ColdMove, because: string): Promise<void> {
  const { agent, note, record } = move;
  const machine = move.machine ?? agent.machines.get(record.vmId);
  await takeRouteBack(move);
  const goesOn = note.guestRan === true && note.shutdownAsked === undefined && machine !== undefined;
  if (goesOn) return undoMove(wholeMove(move, machine), because);
  move.work.report({ phase: "cancel", message: "the VM stays here" });
  noteDecision(agent.ctx, record.vmId, {
    decision: "move-undone",
    because: [because, `it was not released: it ${note.guestRan === true ? "starts again" : "stays"} here`],
    evidence: { to: note.destination.nodeId, generation: record.generation },
    moveId: note.moveId,
  });
  await endCarrier(move, machine);
  if (note.guestRan === true) await startAgain(move);
  await tellGivenUp(move).catch((error: unknown) =>
    agent.ctx.log.write("warn", "undo-step-failed", { moveId: note.moveId, vm: record.vmId, error: String(error) }),
  ); // told again in the background
}

/** After the release and the destination's word that it never ran the guest: this host owns the VM again, and starts it. */
export async function takeColdBack(move: ColdMove): Promise<void> {
  const record = move.agent.records.get(move.record.vmId) ?? move.record;
  const { moveId: _ended, ...rest } = record;
  await move.agent.records.save({ ...rest, role: "owner" });
  noteDecision(move.agent.ctx, record.vmId, {
    decision: "taken-back",
    because: ["the destination's synced word is that it never ran the guest and never will"],
    evidence: { from: move.note.destination.nodeId, generation: record.generation },
    moveId: move.note.moveId,
  });
  await takeRouteBack(move);
  await endCarrier(move, move.machine ?? move.agent.machines.get(record.vmId));
  if (move.note.guestRan === true) await startAgain(move);
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

async function startAgain(move: ColdMove): Promise<void> {
  const record = move.agent.records.get(move.record.vmId) ?? move.record;
  if (record.wantsToRun) await startVm(move.agent, record, move.work);
}

function wholeMove(move: ColdMove, machine: Machine): SourceMove {
  const diskNodes = move.record.spec.disks.map((_, index) => diskNode(index));
  return { ...move, machine, diskNodes, selfNodeId: "", startedAtMs: move.agent.ctx.system.nowMs() };
}
