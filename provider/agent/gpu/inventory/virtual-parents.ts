// Parents of mediated devices that are no PCI function, such as the kernel's sample cards: a host shows them as cards of the
// maker "virtual" whose model is their name. They can be nothing but parents.

import { parsePciAddress } from "../../../model/gpu/pci/pci-address";
import type { PciFunction } from "../../../model/gpu/pci/pci-function";
import type { AgentContext } from "../../agent-context";
import { mdevParentsFolder } from "../sysfs/gpu-paths";

/** What stands for the ids of a card that has none. */
export const virtualVendor = "virtual";

/** All of them, by name. */
export async function readVirtualParents(ctx: AgentContext): Promise<readonly PciFunction[]> {
  const names = (await ctx.system.list(mdevParentsFolder)).toSorted();
  return names.filter((name) => parsePciAddress(name) === undefined).map(virtualParent);
}

/** The one of this name; undefined where the host has none. */
export async function findVirtualParent(ctx: AgentContext, name: string): Promise<PciFunction | undefined> {
  return (await readVirtualParents(ctx)).find(({ address }) => address === name);
}

function virtualParent(name: string): PciFunction {
  return {
    address: name,
    vendorId: virtualVendor,
    deviceId: name,
    classCode: "038000",
    totalVfs: 0,
    virtualFunctions: [],
    bars: { own: [], virtual: [] },
    isBootDisplay: false,
  };
}
