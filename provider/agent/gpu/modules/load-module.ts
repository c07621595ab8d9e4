// Loads a kernel module that a partition needs. What comes into the kernel by it is noted first; what was there before, or is
// built in, is never leea's to take out.

import { modulesLoadedWith } from "../../../model/gpu/modules/kernel-modules";
import { refusalError } from "../../../model/gpu/refusal/gpu-trouble";
import type { AgentContext } from "../../agent-context";
import { hasModule, readModuleLists } from "./has-module";
import { readLoadedModules, saveLoadedModules } from "./module-record";

/** Makes a driver such as `vfio-pci` ready. Error: `vfio-module-missing`. */
export async function loadDriver(ctx: AgentContext, driver: string): Promise<void> {
  if (await ctx.system.exists(`/sys/bus/pci/drivers/${driver}`)) return;
  if (!(await hasModule(ctx, driver)))
    throw refusalError("the host", [{ trouble: "vfio-module-missing", message: `its kernel has no ${driver} module` }]);
  await noteNewModules(ctx, driver);
  await ctx.system.run(["modprobe", driver]);
}

async function noteNewModules(ctx: AgentContext, driver: string): Promise<void> {
  const names = modulesLoadedWith(driver, await readModuleLists(ctx));
  const isThere = await Promise.all(names.map((name) => ctx.system.exists(`/sys/module/${name}`)));
  const known = await readLoadedModules(ctx);
  const fresh = names.filter((name, index) => !isThere[index] && !known.includes(name));
  if (fresh.length > 0) await saveLoadedModules(ctx, [...known, ...fresh]);
}
