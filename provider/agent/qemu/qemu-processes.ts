// The QEMU processes of this host that listen in a run folder of ours, known to the agent or not. It only looks.

import type { AgentContext } from "../agent-context";
import type { ProcessMark } from "../system/system";

/** A QEMU of ours, as its own command line names it. */
export interface QemuProcess {
  readonly mark: ProcessMark;
  readonly pid: number;
  readonly vmId: string;
}

/** Every QEMU whose monitor is in a folder below the host's folder of VM sockets. */
export async function listQemus(ctx: AgentContext): Promise<readonly QemuProcess[]> {
  const found: QemuProcess[] = [];
  for (const pid of await ctx.system.listPids()) {
    const vmId = vmIdIn(ctx, (await ctx.system.argvOf(pid)) ?? []);
    const mark = vmId === undefined ? undefined : await ctx.system.markOf(pid);
    if (vmId !== undefined && mark !== undefined) found.push({ mark, pid, vmId });
  }
  return found;
}

function vmIdIn(ctx: AgentContext, argv: readonly string[]): string | undefined {
  const start = `socket,id=qmp,path=${ctx.paths.vmRun}/`;
  const monitor = argv.find((argument) => argument.startsWith(start));
  return monitor?.slice(start.length).split("/")[0];
}
