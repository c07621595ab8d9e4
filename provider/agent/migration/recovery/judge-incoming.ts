// What a destination decides by itself about a move whose source does not answer: the rule's verdict on its side alone.

import type { VmRecord } from "../../../model/ownership";
import { decideRecovery } from "../../../model/recovery/decide-recovery";
import { tellVerdict } from "../../../model/recovery/tell-verdict";
import type { Agent } from "../../agent";
import { vmFolder } from "../../host-paths";
import { noteDecision } from "../../vm/record/decision-log";
import { abandonIncoming } from "../destination/incoming-move";
import { takeMoveTurn } from "../destination/move-turns";
import { lookAtHost } from "./look-at-move";

/** Gives the move up where the rule says so. `isSilent`: its source has said nothing for minutes. */
export async function judgeIncoming(agent: Agent, vmId: string, isSilent: boolean): Promise<void> {
  const moveId = agent.records.get(vmId)?.moveId;
  if (moveId === undefined) return;
  // A grant may be at work with this very record: verbs and our own doings take turns.
  await takeMoveTurn(moveId, async () => {
    const record = agent.records.get(vmId);
    if (record?.role === "incoming" && record.moveId === moveId) await judge(agent, { ...record, moveId }, isSilent);
  });
}

async function judge(agent: Agent, record: VmRecord & { moveId: string }, isSilent: boolean): Promise<void> {
  const { vmId, moveId, moveMode } = record;
  const view = {
    mode: moveMode ?? "live",
    source: "unreachable",
    destination: await lookAtHost(agent, record, moveId),
    isUnderWay: false,
    isSilent,
    isGrantRefused: false,
  } as const;
  const verdict = decideRecovery(view);
  if (verdict.kind !== "undo") return;
  const source = agent.expected.find(moveId)?.source.name ?? "the source";
  noteDecision(agent.ctx, vmId, { ...tellVerdict(verdict, view, { source, destination: "this host" }), moveId });
  await abandonIncoming(agent, { vmId, moveId });
}

/** Goes on with the end of a move that was given up before the agent's restart. Nothing where nothing is left. */
export async function clearAbandoned(agent: Agent, vmId: string): Promise<void> {
  const { moveId, role } = agent.records.get(vmId) ?? {};
  if (role !== "abandoned" || moveId === undefined) return;
  if (!(await agent.ctx.system.exists(vmFolder(agent.ctx.paths, vmId)))) return;
  await takeMoveTurn(moveId, () => abandonIncoming(agent, { vmId, moveId }));
}
