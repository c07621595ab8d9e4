// What is known of one PCI function of a host: read by the agent, judged here. Everything else of the GPU rules takes
// these values and never a path.

import type { PciBars } from "./pci-bars";
import { kindOfClass, type PciKind } from "./pci-class";

/** One function. Ids are four hex digits, `classCode` six, in lower case. */
export interface PciFunction {
  /** As sysfs has it: 0000:01:00.0. */
  readonly address: string;
  readonly vendorId: string;
  readonly deviceId: string;
  readonly classCode: string;
  /** Name of the bound driver; absent: none is. */
  readonly driver?: string;
  /** Number of its IOMMU group; absent: the IOMMU does not serve it. */
  readonly iommuGroup?: string;
  /** Address of the PF; present on a VF alone. */
  readonly physicalFunction?: string;
  /** Address of the bridge above it; absent: it sits on a root bus. */
  readonly upstreamBridge?: string;
  /** `sriov_totalvfs`; 0 where the function has no SR-IOV. */
  readonly totalVfs: number;
  /** Addresses of its VFs, by the number in `virtfnN`. */
  readonly virtualFunctions: readonly string[];
  /** What the kernel can reset it by, such as `flr`; absent: the kernel does not say (before 5.15). */
  readonly resetMethods?: readonly string[];
  readonly bars: PciBars;
  /** NUMA node; absent: none. */
  readonly numaNode?: number;
  /** The firmware's display (`boot_vga`). */
  readonly isBootDisplay: boolean;
  /** The firmware's name of the slot or the built-in device; absent: none. */
  readonly label?: string;
}

/** Kind by class code. */
export function kindOf(device: Pick<PciFunction, "classCode">): PciKind {
  return kindOfClass(device.classCode);
}

/** True for what `vendor` and `model` may find: display controllers and accelerators that are no VF. */
export function isGpu(device: PciFunction): boolean {
  const kind = kindOf(device);
  return (kind === "display" || kind === "accelerator") && device.physicalFunction === undefined;
}

/** Words of `reset_method` (kernel: sysfs-bus-pci): methods in the order in which the kernel tries them. */
export function parseResetMethods(text: string): readonly string[] {
  return text.split(/\s+/).filter((word) => /^[a-z_]+$/.test(word));
}
