// The names that the host's own pci.ids gives to ids. Read anew each time: a distribution may update it, and nothing waits.

import { readPciIds } from "../../../model/gpu/pci/pci-names";
import type { AgentContext } from "../../agent-context";

/** Where distributions keep pci.ids: Debian and Ubuntu, then hwdata (Fedora, Arch), then pciutils' own. */
const pciIdsPaths = ["/usr/share/misc/pci.ids", "/usr/share/hwdata/pci.ids", "/usr/share/pci.ids"];

/** The lookup; it knows no name where the host has no pci.ids. */
export async function readNames(ctx: AgentContext): Promise<ReturnType<typeof readPciIds>> {
  for (const path of pciIdsPaths) {
    const text = await ctx.system.readText(path);
    if (text !== undefined) return readPciIds(text);
  }
  return readPciIds("");
}
