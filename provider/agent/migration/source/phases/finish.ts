// Phase `finish`: the guest runs on the destination. The source writes down where it went, ends its QEMU, and gives up
// the route and the disks in the order that loses no packet.

import type { MoveFigures, VmRecord } from "../../../../model/ownership";
import type { MoveResult } from "../../../../protocol/vm";
import type { Agent } from "../../../agent";
import { endMachine } from "../../../vm/machine/end-machine";
import { noteDecision } from "../../../vm/record/decision-log";
import { leaveVm } from "../../leave-vm";
import { pause } from "../../poll-until";
import { askDestination, dropNote, type SourceMove } from "../source-move";

const againMs = 1_000;

/** What the phases measured. */
export type MoveMeasures = Pick<MoveFigures, "mode" | "ramBytes" | "diskBytes" | "passes" | "downtimeMs">;

/** Ends the source's side. The result is the operation's. */
export async function finishMove(move: SourceMove, measures: MoveMeasures): Promise<MoveResult> {
  move.work.report({ phase: "finish" });
  const figures = figuresOf(move, measures);
  const record = await becomeFormer(move, figures);
  await endMachine(move.agent, move.record.vmId);
  await tellFinished(move, figures);
  leaveVm(move.agent, record.vmId);
  await dropNote(move.agent, move.note.moveId);
  return { figures, generation: record.generation };
}

/** The destination lets go of streams and key. A failure costs it nothing but those: the move has succeeded. */
export async function tellFinished(move: Pick<SourceMove, "agent" | "note">, figures: MoveFigures): Promise<void> {
  try {
    await askDestination(move, "finishMove", { figures });
  } catch (error) {
    move.agent.ctx.log.write("warn", "finish-not-told", {
      moveId: move.note.moveId,
      error: error instanceof Error ? error.message : String(error),
    });
  }
}

/** Syncs that the VM is elsewhere, and where: over and over on a full disk, because it is so already. */
export async function becomeFormer(
  move: Pick<SourceMove, "agent" | "note" | "record">,
  figures: MoveFigures,
): Promise<{ vmId: string; generation: number }> {
  const { qemu: _ended, moveId: _move, ...rest } = move.agent.records.get(move.record.vmId) ?? move.record;
  const generation = move.record.generation + 1;
  const movedTo = { nodeId: move.note.destination.nodeId, generation, connection: move.note.destinationConnection };
  const operationId = move.note.moveId;
  await saveStubbornly(move.agent, {
    ...rest,
    role: "former",
    generation,
    movedTo,
    operationId,
    lastMigration: figures,
  });
  noteDecision(move.agent.ctx, move.record.vmId, {
    decision: "moved-away",
    because: [`${move.note.destination.name} answered that the guest runs there`],
    evidence: { to: movedTo.nodeId, generation, figures },
    moveId: move.note.moveId,
  });
  return { vmId: move.record.vmId, generation };
}

async function saveStubbornly(agent: Agent, record: VmRecord): Promise<void> {
  for (;;) {
    try {
      await agent.records.save(record);
      return;
    } catch (error) {
      agent.ctx.log.write("error", "record-not-written", { vm: record.vmId, role: record.role, error: String(error) });
      await pause(againMs);
    }
  }
}

function figuresOf(move: SourceMove, measures: MoveMeasures): MoveFigures {
  return {
    ...measures,
    from: move.selfNodeId,
    to: move.note.destination.nodeId,
    totalMs: move.agent.ctx.system.nowMs() - move.startedAtMs,
    downtimeMs: Math.round(measures.downtimeMs * 10) / 10,
  };
}
