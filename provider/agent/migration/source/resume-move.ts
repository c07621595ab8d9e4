// A move that a restart of the source's agent interrupted. The record decides: before the release the move is undone;
// after it, the destination's word does. (Which of the two is true was synced before anything was sent.)

import { LeeaError } from "../../../model/errors";
import type { Operation } from "../../../protocol/operation";
import type { MoveResult } from "../../../protocol/vm";
import type { Agent } from "../../agent";
import type { Work } from "../../journal/operations";
import { readIdentity } from "../../mesh/mesh";
import { endMachine } from "../../vm/machine/end-machine";
import { diskNode } from "../../vm/machine/launch-machine";
import { leaveVm } from "../leave-vm";
import { awaitWord } from "./await-word";
import { takeColdBack, undoColdMove } from "./cold/go-on-at-source";
import { takeRouteBack } from "./move-route";
import { undoMove } from "./phases/cancel";
import { becomeFormer, tellFinished } from "./phases/finish";
import { dropNote, type MoveNote, readNote, type SourceMove } from "./source-move";
import { takeBack } from "./take-back";

/** Ends the move under its own operation id. */
export async function resumeMove(agent: Agent, operation: Operation): Promise<void> {
  const note = await readNote(agent, operation.operationId);
  await agent.operations.resume({
    operationId: operation.operationId,
    kind: "move-vm",
    ...(operation.vmId === undefined ? {} : { vmId: operation.vmId }),
    run: async (work) => (note === undefined ? findEnded(agent, operation) : endMove(agent, note, work)),
  });
}

/** Without a note the move had not begun, or it had ended and only its result was not written down yet. */
function findEnded(agent: Agent, { operationId, vmId }: Operation): MoveResult {
  const record = agent.records.get(vmId ?? "");
  const isMoved = record?.role === "former" && record.operationId === operationId;
  if (!isMoved || record.lastMigration === undefined) throw beforeFirstAct();
  return { figures: record.lastMigration, generation: record.generation };
}

async function endMove(agent: Agent, note: MoveNote, work: Work): Promise<MoveResult> {
  const record = agent.records.get(note.vmId);
  if (record === undefined) throw beforeFirstAct();
  if (record.role === "former") return finish(agent, note, record.generation);
  const move = { agent, note, record, work };
  if (record.role === "released") {
    if ((await awaitWord(move)) === "owner") {
      const { generation } = await becomeFormer(move, undefined);
      return finish(agent, note, generation);
    }
    if (note.mode === "cold") {
      await takeColdBack(move);
      throw interrupted(note);
    }
    const machine = agent.machines.get(note.vmId);
    if (machine === undefined) throw lostSource(note);
    await takeBack({ ...(await wholeMove(move)), machine });
    throw interrupted(note);
  }
  if (note.mode === "cold") await undoColdMove(move, "the agent was ended during the move");
  else {
    const whole = await wholeMove(move);
    await takeRouteBack(whole);
    await undoMove(whole, "the agent was ended during the move");
  }
  await dropNote(agent, note.moveId);
  throw interrupted(note);
}

async function wholeMove(move: Pick<SourceMove, "agent" | "note" | "record" | "work">): Promise<SourceMove> {
  const machine = move.agent.machines.get(move.note.vmId);
  if (machine === undefined) throw lostSource(move.note);
  const { nodeId } = await readIdentity(move.agent.ctx);
  return {
    ...move,
    machine,
    diskNodes: move.record.spec.disks.map((_, index) => diskNode(index)),
    selfNodeId: nodeId,
    startedAtMs: move.agent.ctx.system.nowMs(),
  };
}

/** The figures of the interrupted part are lost; what is reported is what is known. */
async function finish(agent: Agent, note: MoveNote, generation: number): Promise<MoveResult> {
  await endMachine(agent, note.vmId);
  const { nodeId } = await readIdentity(agent.ctx);
  const figures = {
    mode: note.mode ?? "live",
    from: nodeId,
    to: note.destination.nodeId,
    totalMs: 0,
    downtimeMs: 0,
    ramBytes: 0,
    diskBytes: 0,
    passes: 0,
  } as const;
  await tellFinished({ agent, note }, figures);
  leaveVm(agent, note.vmId);
  await dropNote(agent, note.moveId);
  return { figures, generation };
}

function beforeFirstAct(): LeeaError {
  return new LeeaError({
    code: "MOVE_FAILED",
    message: "the source's agent was ended before the move began",
    hint: "Run again.",
  });
}

function interrupted(note: MoveNote): LeeaError {
  return new LeeaError({
    code: "MOVE_FAILED",
    message: `the source's agent was ended during the move to ${note.destination.name}; the VM runs on its source as before`,
    hint: "Run again.",
  });
}

function lostSource(note: MoveNote): LeeaError {
  return new LeeaError({
    code: "MOVE_FAILED",
    message: `the source's QEMU ended during the move to ${note.destination.name}, which never ran the guest`,
    hint: "Run again: the VM is started from its disks on its source.",
  });
}
