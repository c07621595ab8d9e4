// A host's own story of a VM: its record, without the spec, and what it decided. Other hosts tell theirs.

import type { VmRecord } from "../../model/ownership";
import type { DecisionsAnswer, RecordSummary } from "../../protocol/decision";
import type { Agent } from "../agent";
import { readIdentity } from "../mesh/identity";
import { readDecisions } from "./record/decision-log";

/** Answers also for a VM that moved away or was deleted, and with nothing for one that was never here. */
export async function tellDecisions(agent: Agent, vmId: string): Promise<DecisionsAnswer> {
  const record = agent.records.get(vmId);
  const [{ nodeId }, decisions] = await Promise.all([readIdentity(agent.ctx), readDecisions(agent.ctx, vmId)]);
  return { nodeId, decisions, ...(record === undefined ? {} : { record: summarize(agent, record) }) };
}

function summarize(agent: Agent, record: VmRecord): RecordSummary {
  return {
    name: record.spec.name,
    owner: record.owner,
    logicalName: record.logicalName,
    role: record.role,
    generation: record.generation,
    incarnation: record.incarnation,
    wantsToRun: record.wantsToRun,
    operationId: record.operationId,
    monitorAnswers: agent.machines.get(record.vmId) !== undefined,
    ...(record.moveId === undefined ? {} : { moveId: record.moveId }),
    ...(record.movedTo === undefined ? {} : { movedTo: record.movedTo }),
  };
}
