// Takes the modules that leea loaded out of the kernel again, once no partition is left. One that somebody uses stays, noted,
// and is tried again after the next release, when the host leaves, and at the agent's start.

import { moduleName } from "../../../model/gpu/modules/kernel-modules";
import { standingClaims } from "../../../model/gpu/owner-guard";
import { parsePciAddress } from "../../../model/gpu/pci/pci-address";
import type { AgentContext } from "../../agent-context";
import type { GpuHost } from "../gpu-host";
import { dropLoadedModules, hasModuleRecord, readLoadedModules, saveLoadedModules } from "./module-record";

/** Unloads them where nothing needs them any more. The caller has the GPU turn. It never fails: the partition is given back. */
export async function unloadModules({ ctx, records }: GpuHost): Promise<void> {
  if (standingClaims(records.all()).length > 0) return;
  try {
    await unloadOurs(ctx);
  } catch (error) {
    // What is left is a module too much, which the next boot takes away.
    ctx.log.write("warn", "gpu-modules-kept", { error: error instanceof Error ? error.message : String(error) });
  }
}

async function unloadOurs(ctx: AgentContext): Promise<void> {
  if (!(await hasModuleRecord(ctx))) return;
  const ours = await readLoadedModules(ctx);
  const left = await unloadUnused(ctx, ours);
  if (left.length === 0) return dropLoadedModules(ctx);
  if (left.length < ours.length) await saveLoadedModules(ctx, left);
  ctx.log.write("info", "gpu-modules-kept", { modules: left });
}

/** Over and over, as one that goes frees those that it needs. Gives those that are left. */
async function unloadUnused(ctx: AgentContext, names: readonly string[]): Promise<readonly string[]> {
  const loaded = await present(ctx, names);
  // A device that waits on its driver for a guest needs the rest of the family too, which the kernel does not count.
  if (await hasDevice(ctx, loaded)) return loaded;
  for (const name of loaded) {
    if ((await ctx.system.readText(`/sys/module/${name}/refcnt`))?.trim() !== "0") continue;
    await ctx.system.run(["rmmod", name], { acceptExitCodes: [0, 1] });
    if (!(await isLoaded(ctx, name))) return unloadUnused(ctx, loaded);
  }
  return loaded;
}

async function present(ctx: AgentContext, names: readonly string[]): Promise<readonly string[]> {
  const isThere = await Promise.all(names.map((name) => isLoaded(ctx, name)));
  return names.filter((_, index) => isThere[index]);
}

function isLoaded(ctx: AgentContext, name: string): Promise<boolean> {
  return ctx.system.exists(`/sys/module/${name}`);
}

/** True where a driver of these modules has a device (kernel: sysfs-bus-pci); taking the module out would pull it away. */
async function hasDevice(ctx: AgentContext, names: readonly string[]): Promise<boolean> {
  const drivers = (await ctx.system.list("/sys/bus/pci/drivers")).filter((each) => names.includes(moduleName(each)));
  const entries = await Promise.all(drivers.map((driver) => ctx.system.list(`/sys/bus/pci/drivers/${driver}`)));
  return entries.flat().some((entry) => parsePciAddress(entry) !== undefined);
}
