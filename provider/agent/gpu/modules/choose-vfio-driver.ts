// Which VFIO driver a VF is given: its maker's own where the kernel has one, because that can save the device's state for a
// move, else vfio-pci.

import type { PciFunction } from "../../../model/gpu/pci/pci-function";
import type { AgentContext } from "../../agent-context";
import { hasModule } from "./has-module";

/** The driver's name for `driver_override`. `card`: the VF's PF. Source: kernel drivers/vfio/pci/xe. */
export async function chooseVfioDriver(ctx: AgentContext, card: PciFunction): Promise<string> {
  const isXe = card.vendorId === "8086" && card.driver === "xe";
  return isXe && (await hasModule(ctx, "xe-vfio-pci")) ? "xe-vfio-pci" : "vfio-pci";
}
