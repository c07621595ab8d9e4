// What a host remembers of starting a VM again: a small file of its own, so that a restart of the agent does not begin
// the back-off anew. It never says who may run the VM: only the record does.

import type { RestartHistory } from "../../../model/restart/decide-restart";
import type { AgentContext } from "../../agent-context";

/** `dueAtMs`: a start that was decided and has not begun, ms since 1970. */
export interface RestartNote extends RestartHistory {
  readonly dueAtMs?: number;
}

/** The note; that of a VM which never failed where there is none, or a torn one. */
export async function readRestartNote(ctx: AgentContext, vmId: string): Promise<RestartNote> {
  try {
    return JSON.parse((await ctx.system.readText(pathOf(ctx, vmId))) ?? "") as RestartNote;
  } catch {
    return { failures: 0 }; // none, or not ours: the worst that follows is a start that comes sooner
  }
}

/** Replaces the note, durably. */
export async function writeRestartNote(ctx: AgentContext, vmId: string, note: RestartNote): Promise<void> {
  await ctx.system.writeDurable(pathOf(ctx, vmId), `${JSON.stringify(note)}\n`);
}

/** Forgets: the VM was started or stopped by hand, or is gone from here. */
export async function dropRestartNote(ctx: AgentContext, vmId: string): Promise<void> {
  await ctx.system.remove(pathOf(ctx, vmId));
}

function pathOf(ctx: AgentContext, vmId: string): string {
  return `${ctx.paths.state}/restart/${vmId}.json`;
}
