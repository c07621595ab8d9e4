// A move's key on its way to QEMU: a file that only the VM's user can read, in a folder that only root can change.

import type { VmRecord } from "../../model/ownership";
import type { AgentContext } from "../agent-context";
import { vmKeyFolder } from "../host-paths";
import { dhParametersFile, dhParametersPem } from "./dh-parameters";

/** Writes the key as QEMU's `keys.psk` (user `mig`), and beside it what QEMU would else spend time on; gives the folder. `psk` is hex. */
export async function writeMoveKey(
  ctx: AgentContext,
  record: VmRecord,
  side: "client" | "server",
  psk: string,
): Promise<string> {
  const folder = vmKeyFolder(ctx.paths, record.vmId, side);
  await ctx.system.remove(folder);
  await ctx.system.makeFolder(folder, 0o711);
  await ctx.system.writeText(`${folder}/keys.psk`, `mig:${psk}\n`, 0o400);
  await ctx.system.setOwner(`${folder}/keys.psk`, record.uid, record.uid);
  if (side === "server") await ctx.system.writeText(`${folder}/${dhParametersFile}`, dhParametersPem, 0o444);
  return folder;
}

/** Removes the key; nothing where there is none. */
export async function removeMoveKey(ctx: AgentContext, vmId: string, side: "client" | "server"): Promise<void> {
  await ctx.system.remove(vmKeyFolder(ctx.paths, vmId, side));
}
