// Turns a request to move into an operation that the source agent owns: the provider may die from here on.

import { LeeaError } from "../../../model/errors";
import type { Operation } from "../../../protocol/operation";
import type { MoveVmRequest } from "../../../protocol/vm";
import type { Agent } from "../../agent";
import { readIdentity } from "../../mesh/mesh";
import { diskNode } from "../../vm/machine/launch-machine";
import { noteDecision } from "../../vm/record/decision-log";
import { runMove } from "./run-move";
import { dropNote, type MoveNote, saveNote } from "./source-move";

/** Starts the move, or gives back the one of that id. Errors: NOT_FOUND, CONFLICT (another owner), NOT_ALLOWED_NOW (not running here). */
export async function beginMove(agent: Agent, vmId: string, request: MoveVmRequest): Promise<Operation> {
  return agent.operations.start({
    operationId: request.operationId,
    kind: "move-vm",
    vmId,
    run: async (work) => {
      const { record, machine } = demandRunning(agent, vmId, request);
      const note: MoveNote = {
        moveId: request.operationId,
        vmId,
        destination: request.destination,
        destinationConnection: request.destinationConnection,
      };
      await saveNote(agent, note);
      noteDecision(agent.ctx, vmId, {
        decision: "move-begun",
        because: [`${request.owner} asked for it to run on ${request.destination.name}`],
        evidence: { to: request.destination.nodeId, generation: record.generation },
        moveId: note.moveId,
      });
      const { nodeId } = await readIdentity(agent.ctx);
      const diskNodes = record.spec.disks.map((_, index) => diskNode(index));
      try {
        return await runMove({
          agent,
          note,
          record,
          machine,
          work,
          diskNodes,
          selfNodeId: nodeId,
          startedAtMs: agent.ctx.system.nowMs(),
        });
      } finally {
        if (agent.records.get(vmId)?.role === "owner") await dropNote(agent, note.moveId);
      }
    },
  });
}

function demandRunning(
  agent: Agent,
  vmId: string,
  request: MoveVmRequest,
): {
  record: NonNullable<ReturnType<Agent["records"]["get"]>>;
  machine: NonNullable<ReturnType<Agent["machines"]["get"]>>;
} {
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
  const machine = agent.machines.get(vmId);
  if (record.role === "owner" && machine !== undefined) return { record, machine };
  throw new LeeaError({
    code: "NOT_ALLOWED_NOW",
    message: `the VM "${record.spec.name}" does not run on this host (record: ${record.role})`,
    hint: "Run a refresh; a VM that is stopped cannot move live.",
    details: { role: record.role, movedTo: record.movedTo },
  });
}
