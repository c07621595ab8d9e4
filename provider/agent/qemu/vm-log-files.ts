// Where a VM's QEMU and its console write. Outside the VM's own folders: what its user owns, its user could replace by
// a link to a file of root's.

import type { AgentContext } from "../agent-context";
import type { HostPaths } from "../host-paths";

const keptCharacters = 1_000_000;
const longestLine = 400;

/** The files: QEMU's stdout and stderr (with those of the QEMU before, `.1`), and the serial console (with one older part, `.1`). */
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
  const paths = [files.qemu, `${files.qemu}.1`, files.console, `${files.console}.1`];
  for (const path of paths) await ctx.system.remove(path);
}

/** An empty log for the next QEMU. What the one before said stays beside it: its last words tell why it ended. */
export async function beginQemuLog(ctx: AgentContext, vmId: string): Promise<string> {
  const path = vmLogFiles(ctx.paths, vmId).qemu;
  const before = (await ctx.system.readText(path)) ?? "";
  if (before !== "") await ctx.system.writeText(`${path}.1`, before.slice(-keptCharacters));
  await ctx.system.writeText(path, "");
  return path;
}

/** The last line that a VM's QEMU wrote, without its time; undefined where it wrote none. */
export async function lastWordsOfQemu(ctx: AgentContext, vmId: string): Promise<string | undefined> {
  const log = (await ctx.system.readText(vmLogFiles(ctx.paths, vmId).qemu)) ?? "";
  const line = log
    .trim()
    .split("\n")
    .at(-1)
    ?.replace(/^\S+Z /, "")
    .slice(0, longestLine);
  return line === "" ? undefined : line;
}
