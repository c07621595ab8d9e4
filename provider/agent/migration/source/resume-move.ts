// A move that a restart of the source's agent interrupted, or whose destination has still to be told. The rule decides, on
// what was synced before anything was sent; the move ends under its own operation id.

import { LeeaError } from "../../../model/errors";
import type { MoveFigures } from "../../../model/ownership";
import type { Operation } from "../../../protocol/operation";
import type { MoveResult } from "../../../protocol/vm";
import type { Agent } from "../../agent";
import type { Work } from "../../journal/operations";
import { readIdentity } from "../../mesh/mesh";
import { endMachine } from "../../vm/machine/end-machine";
import { leaveVm } from "../leave-vm";
import { endBrokenMove } from "../recovery/end-broken-move";
import { becomeFormer, tellFinished } from "./phases/finish";
import { dropNote, listNotes, type MoveNote, readNote } from "./source-move";
import { tellGivenUp } from "./tell-given-up";

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

/** Goes on with moves whose operations have ended and whose notes are left: the other host has still to hear of it. */
export async function endLeftOverMoves(agent: Agent): Promise<void> {
  for (const note of await listNotes(agent)) {
    if (agent.operations.running(note.vmId)?.operationId === note.moveId) continue;
    const record = agent.records.get(note.vmId);
    const isOpen = record?.moveId === note.moveId && record.role === "released";
    const isMoved = record?.role === "former" && record.operationId === note.moveId;
    const ended = isOpen || isMoved ? endMove(agent, note, silentWork(note.moveId)) : tellGivenUp({ agent, note });
    ended.catch((error: unknown) =>
      agent.ctx.log.write("warn", "left-over-move", { moveId: note.moveId, vm: note.vmId, error: String(error) }),
    );
  }
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
  const lives = agent.machines.get(note.vmId) !== undefined;
  const move = { agent, note, record, work, because: ["the agent was ended during the move"] };
  if ((await endBrokenMove(move)) === "stays") throw lives ? interrupted(note) : lostSource(note);
  const { generation } = await becomeFormer(move, await unknownFigures(agent, note));
  return finish(agent, note, generation);
}

async function finish(agent: Agent, note: MoveNote, generation: number): Promise<MoveResult> {
  await endMachine(agent, note.vmId);
  const figures = agent.records.get(note.vmId)?.lastMigration ?? (await unknownFigures(agent, note));
  await tellFinished({ agent, note }, figures);
  leaveVm(agent, note.vmId);
  await dropNote(agent, note.moveId);
  return { figures, generation };
}

/** The figures of the interrupted part are lost; what is reported is what is known. */
async function unknownFigures(agent: Agent, note: MoveNote): Promise<MoveFigures> {
  const { nodeId } = await readIdentity(agent.ctx);
  const none = { totalMs: 0, downtimeMs: 0, ramBytes: 0, diskBytes: 0, passes: 0 };
  return { mode: note.mode ?? "live", from: nodeId, to: note.destination.nodeId, ...none };
}

/** Nobody watches any more. */
function silentWork(operationId: string): Work {
  return { operationId, signal: new AbortController().signal, report: () => undefined };
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
