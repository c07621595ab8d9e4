// Whether this host's word about a VM is of this boot. Records are on a disk, which may have been put back to an earlier
// day; what was noted since the boot is under /run and cannot be. A note is worth nothing after another boot, nor for
// another generation, so it holds even where /run is kept or /var/lib is put back under a running host.

import type { VmRecord } from "../../../model/ownership";
import type { AgentContext } from "../../agent-context";

const bootIdPath = "/proc/sys/kernel/random/boot_id";

/** Notes that the record is true now: it was made, granted, found running or confirmed by the others since the boot. */
export async function noteKnown(ctx: AgentContext, record: Pick<VmRecord, "vmId" | "generation">): Promise<void> {
  const text = await noteOf(ctx, record);
  if ((await ctx.system.readText(pathOf(ctx, record.vmId))) !== text)
    await ctx.system.writeText(pathOf(ctx, record.vmId), text);
}

/** True where `noteKnown` was called for this very generation since the host booted. */
export async function isKnown(ctx: AgentContext, record: Pick<VmRecord, "vmId" | "generation">): Promise<boolean> {
  return (await ctx.system.readText(pathOf(ctx, record.vmId))) === (await noteOf(ctx, record));
}

/** The host gives the VM away, or forgets it. */
export async function dropKnown(ctx: AgentContext, vmId: string): Promise<void> {
  await ctx.system.remove(pathOf(ctx, vmId));
}

async function noteOf(ctx: AgentContext, { generation }: Pick<VmRecord, "generation">): Promise<string> {
  return `${((await ctx.system.readText(bootIdPath)) ?? "").trim()} ${generation}\n`;
}

function pathOf(ctx: AgentContext, vmId: string): string {
  return `${ctx.paths.run}/owned/${vmId}`;
}
