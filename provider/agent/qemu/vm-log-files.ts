// Where a VM's QEMU and its console write. Outside the VM's own folders: what its user owns, its user could replace by
// a link to a file of root's.

import type { AgentContext } from "../agent-context";
import type { HostPaths } from "../host-paths";

/** The files: QEMU's stdout and stderr, and the serial console (with one older part, `.1`). */
export interface VmLogFiles {
  readonly qemu: string;
  readonly console: string;
}

/** Log files of a VM. */
export function vmLogFiles(paths: HostPaths, vmId: string): VmLogFiles {
  return { qemu: `${paths.state}/vm-log/${vmId}.qemu.log`, console: `${paths.state}/vm-log/${vmId}.console.log` };
}

/** Removes a VM's log files. */
export async function removeVmLogs(ctx: AgentContext, vmId: string): Promise<void> {
  const files = vmLogFiles(ctx.paths, vmId);
  for (const path of [files.qemu, files.console, `${files.console}.1`]) await ctx.system.remove(path);
}
