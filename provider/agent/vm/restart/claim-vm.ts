// Before a VM is started without anybody's command: is it still this host's? A record that was known to be true since
// the host booted is enough: a QEMU that crashed under it asks nobody. After a boot the record may come from another
// time, so the other hosts are asked first. A stale copy gives way; its disks are set aside, never removed.

import type { VmRecord } from "../../../model/ownership";
import { type ClaimDecision, decideClaim } from "../../../model/restart/decide-claim";
import type { Agent } from "../../agent";
import { vmFolder } from "../../host-paths";
import { readIdentity } from "../../mesh/identity";
import { leaveVm } from "../../migration/leave-vm";
import { noteDecision } from "../record/decision-log";
import { isKnown, noteKnown } from "../record/known-since-boot";
import { askOthers } from "./ask-others";

const askMs = 12_000;

/**
 * Decides, and does what the decision means for the record. Only `start` permits to start. `toldWhy`: what was told the
 * last time; the same wait is not told again.
 */
export async function claimVm(agent: Agent, vmId: string, toldWhy: string): Promise<ClaimDecision> {
  const record = agent.records.get(vmId);
  if (record?.role !== "owner") return { act: "wait", waitFor: [], because: "this host does not own it any more" };
  if (await isKnown(agent.ctx, record)) return { act: "start", because: "its record is of this boot" };
  const { nodeId } = await readIdentity(agent.ctx);
  const heard = await askOthers(agent, vmId, { visited: [nodeId], withinMs: askMs });
  const now = agent.records.get(vmId);
  if (now?.role !== "owner" || now.generation !== record.generation)
    return { act: "wait", waitFor: [], because: "its record changed meanwhile" };
  const decision = decideClaim({ generation: record.generation, ...heard });
  if (decision.act !== "wait" || decision.because !== toldWhy)
    noteDecision(agent.ctx, vmId, {
      decision: { start: "claimed", wait: "start-waits", "give-way": "gave-way" }[decision.act],
      because: [decision.because],
      evidence: { generation: record.generation, words: heard.words, silent: heard.silent },
    });
  if (decision.act === "start") await noteKnown(agent.ctx, record);
  if (decision.act === "give-way") await giveWay(agent, now, decision);
  return decision;
}

/** The disks go out of the way first: what a `former` record still holds is removed. */
async function giveWay(agent: Agent, record: VmRecord, to: ClaimDecision & { act: "give-way" }): Promise<void> {
  const { ctx } = agent;
  const folder = vmFolder(ctx.paths, record.vmId);
  const aside = `${folder}.stale-g${record.generation}-${ctx.system.nowMs()}`;
  if (await ctx.system.exists(folder)) await ctx.system.run(["mv", "-T", folder, aside]);
  const { qemu: _none, moveId: _old, ...rest } = record;
  await agent.records.save({
    ...rest,
    role: "former",
    generation: to.generation,
    wantsToRun: false,
    movedTo: { nodeId: to.to, generation: to.generation },
  });
  ctx.log.write("warn", "stale-vm-gave-way", { vm: record.vmId, to: to.to, generation: to.generation, disks: aside });
  leaveVm(agent, record.vmId);
}
