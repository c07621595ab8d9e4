// Finds the QEMU of a record again after a restart of the agent, by process mark, run folder and UUID together: a
// reused pid, or another VM's monitor, is never taken for it.

import { isLeeaError } from "../../model/errors";
import { qemuSockets } from "../../model/qemu-argv/qemu-launch";
import { vmUuid } from "../../model/qemu-argv/vm-uuid";
import type { AgentContext } from "../agent-context";
import { connectQmp, type QmpClient } from "../qmp/qmp-client";
import type { ProcessMark } from "../system/system";
import { listQemus } from "./qemu-processes";

const answerTimeoutMs = 5_000;

/** What the record says. Without a mark (the agent died before it noted one) the process is looked for. */
export interface QemuTrace {
  readonly vmId: string;
  readonly runFolder: string;
  readonly mark?: ProcessMark;
}

/** `mute`: the process lives and its monitor does not answer, is held by another client, or names another VM. */
export type AdoptedQemu =
  | { readonly state: "alive"; readonly client: QmpClient; readonly mark: ProcessMark }
  | { readonly state: "mute"; readonly mark: ProcessMark; readonly reason: string }
  | { readonly state: "dead" };

/** Takes the monitor of the VM's QEMU. Starts and kills nothing. */
export async function adoptQemu(ctx: AgentContext, trace: QemuTrace): Promise<AdoptedQemu> {
  const mark = await findProcess(ctx, trace);
  if (mark === undefined) return { state: "dead" };
  try {
    const client = await connectQmp(qemuSockets(trace.runFolder).qmp, { timeoutMs: answerTimeoutMs });
    return await checkIdentity(client, mark, trace.vmId);
  } catch (error) {
    if (!isLeeaError(error)) throw error;
    if (!(await ctx.system.isAlive(mark))) return { state: "dead" };
    return { state: "mute", mark, reason: error.message };
  }
}

async function findProcess(ctx: AgentContext, trace: QemuTrace): Promise<ProcessMark | undefined> {
  if (trace.mark !== undefined && (await ctx.system.isAlive(trace.mark))) return trace.mark;
  return (await listQemus(ctx)).find(({ vmId }) => vmId === trace.vmId)?.mark;
}

async function checkIdentity(client: QmpClient, mark: ProcessMark, vmId: string): Promise<AdoptedQemu> {
  const { UUID } = await client.execute("query-uuid", {}, { timeoutMs: answerTimeoutMs });
  if (UUID === vmUuid(vmId)) return { state: "alive", client, mark };
  client.close();
  return { state: "mute", mark, reason: `the monitor is that of another VM (${UUID})` };
}
