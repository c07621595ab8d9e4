// Turns a request to move into an operation that the source agent owns: the provider may die from here on. How it moves
// was asked for, and is never exchanged for another way; a VM that does not run has nothing to interrupt.

import { LeeaError } from "../../../model/errors";
import { rulesOfMigration } from "../../../model/move/migration-rules";
import type { VmRecord } from "../../../model/ownership";
import type { Operation } from "../../../protocol/operation";
import type { MoveResult, MoveVmRequest } from "../../../protocol/vm";
import type { Agent } from "../../agent";
import type { Work } from "../../journal/operations";
import { readIdentity } from "../../mesh/mesh";
import { diskNode, launchMachine } from "../../vm/machine/launch-machine";
import type { Machine } from "../../vm/machine/machines";
import { noteDecision } from "../../vm/record/decision-log";
import { runColdMove } from "./cold/run-cold-move";
import { endCarrier } from "./cold/start-anew";
import { runMove } from "./run-move";
import { dropNote, type MoveNote, type SourceMove, saveNote } from "./source-move";

/** Starts the move, or gives back the one of that id. Errors: NOT_FOUND, CONFLICT (another owner), NOT_ALLOWED_NOW (not here, or forbidden). */
export async function beginMove(agent: Agent, vmId: string, request: MoveVmRequest): Promise<Operation> {
  return agent.operations.start({
    operationId: request.operationId,
    kind: "move-vm",
    vmId,
    run: (work) => run(agent, vmId, request, work),
  });
}

async function run(agent: Agent, vmId: string, request: MoveVmRequest, work: Work): Promise<MoveResult> {
  const record = demandOwned(agent, vmId, request);
  const machine = await findGuest(agent, vmId);
  const note = noteOf(request, record, machine !== undefined);
  await saveNote(agent, note);
  tellStart(agent, { note, record, owner: request.owner });
  const move: SourceMove = {
    agent,
    note,
    record,
    machine: machine ?? (await launchCarrier(agent, record, note)),
    work,
    diskNodes: record.spec.disks.map((_, index) => diskNode(index)),
    selfNodeId: (await readIdentity(agent.ctx)).nodeId,
    startedAtMs: agent.ctx.system.nowMs(),
  };
  return note.mode === "cold" ? runColdMove(move) : runMove(move);
}

function noteOf(request: MoveVmRequest, record: VmRecord, guestRan: boolean): MoveNote {
  const { mode } = rulesOfMigration(request.migration ?? record.spec.migration);
  if (mode === "forbid") throw forbidden(record);
  return {
    moveId: request.operationId,
    vmId: record.vmId,
    destination: request.destination,
    destinationConnection: request.destinationConnection,
    mode: guestRan ? mode : "cold",
    guestRan,
    ...(request.migration === undefined ? {} : { migration: request.migration }),
    ...(request.gpus === undefined ? {} : { gpus: request.gpus }),
  };
}

function tellStart(agent: Agent, { note, record, owner }: { note: MoveNote; record: VmRecord; owner: string }): void {
  const way = note.guestRan === true ? `it moves ${note.mode}` : "it does not run, so only its disks go over";
  noteDecision(agent.ctx, note.vmId, {
    decision: "move-begun",
    because: [`${owner} asked for it to run on ${note.destination.name}`, way],
    evidence: { to: note.destination.nodeId, generation: record.generation, mode: note.mode },
    moveId: note.moveId,
  });
}

/** The machine whose guest could take steps; undefined where it has none, or one that ended or panicked. */
async function findGuest(agent: Agent, vmId: string): Promise<Machine | undefined> {
  const machine = agent.machines.get(vmId);
  if (machine === undefined) return undefined;
  const { status } = await machine.qmp.execute("query-status");
  return ["shutdown", "guest-panicked", "internal-error"].includes(status) ? undefined : machine;
}

/** A QEMU that holds the disks of a VM that does not run. The destination knows nothing of the move yet. */
async function launchCarrier(agent: Agent, record: VmRecord, note: MoveNote): Promise<Machine> {
  try {
    await endCarrier({ agent, record }, agent.machines.get(record.vmId));
    return await launchMachine(agent, record, { incoming: false, carrier: true });
  } catch (error) {
    await dropNote(agent, note.moveId);
    throw error;
  }
}

function demandOwned(agent: Agent, vmId: string, request: MoveVmRequest): VmRecord {
  const record = agent.records.get(vmId);
  if (record === undefined || record.role === "deleted")
    throw new LeeaError({ code: "NOT_FOUND", message: `this host has no VM ${vmId}`, hint: "Run a refresh." });
  if (record.owner !== request.owner)
    throw new LeeaError({
      code: "CONFLICT",
      message: `the VM "${record.spec.name}" belongs to ${record.owner}`,
      hint: "Only the stack that owns it may move it.",
      details: { owner: record.owner },
    });
  if (record.role === "owner") return record;
  throw new LeeaError({
    code: "NOT_ALLOWED_NOW",
    message: `the VM "${record.spec.name}" is not this host's to move (record: ${record.role})`,
    hint: "Run a refresh: it follows the VM to the host that owns it.",
    details: { role: record.role, movedTo: record.movedTo },
  });
}

function forbidden(record: VmRecord): LeeaError {
  return new LeeaError({
    code: "NOT_ALLOWED_NOW",
    message: `the VM "${record.spec.name}" must not move: its migration.mode is "forbid"`,
    hint: 'Declare migration.mode: "live" or "cold" first.',
  });
}
