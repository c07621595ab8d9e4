// Whether the kernel has a module, loaded, built in, or on its disk to be loaded. It loads nothing.

import { type ModuleLists, moduleName } from "../../../model/gpu/modules/kernel-modules";
import type { AgentContext } from "../../agent-context";

/** True where `modprobe` would succeed for a module of this name (- and _ are the same), by modules.builtin and modules.dep. */
export async function hasModule(ctx: AgentContext, name: string): Promise<boolean> {
  if (await ctx.system.exists(`/sys/module/${moduleName(name)}`)) return true;
  const lists = await Promise.all([readList(ctx, "modules.builtin"), readList(ctx, "modules.dep")]);
  const shape = new RegExp(`(^|/)${name.replaceAll(/[-_]/g, "[-_]")}\\.ko`, "m");
  return lists.some((text) => shape.test(text));
}

/** What depmod says of this kernel's modules; empty texts where it says nothing. */
export async function readModuleLists(ctx: AgentContext): Promise<ModuleLists> {
  const [dep, softdep] = await Promise.all([readList(ctx, "modules.dep"), readList(ctx, "modules.softdep")]);
  return { dep, softdep };
}

async function readList(ctx: AgentContext, file: string): Promise<string> {
  const release = (await ctx.system.readText("/proc/sys/kernel/osrelease"))?.trim() ?? "";
  return (await ctx.system.readText(`/lib/modules/${release}/${file}`)) ?? "";
}
