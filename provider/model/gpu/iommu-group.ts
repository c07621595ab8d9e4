// Which functions are passed together, and whether their IOMMU group allows it. The IOMMU tells groups apart and nothing
// finer: a device whose group holds a stranger could reach the stranger's memory. Source: kernel vfio.rst.

import { comparePciAddresses, isSameSlot } from "./pci/pci-address";
import { describeClass } from "./pci/pci-class";
import { kindOf, type PciFunction } from "./pci/pci-function";
import type { Refusal } from "./refusal/gpu-trouble";

/** The functions of a claim, in the order of their addresses, or what forbids it. */
export type GroupVerdict =
  | { readonly functions: readonly PciFunction[]; readonly group: string }
  | { readonly refusals: readonly Refusal[] };

/**
 * What has to be taken to pass `device`: every function of its group that is no bridge. All must be of its slot; a VF's
 * group may hold nothing else at all. `all`: every function of the host.
 */
export function judgeGroup(device: PciFunction, all: readonly PciFunction[]): GroupVerdict {
  const group = device.iommuGroup;
  if (group === undefined)
    return { refusals: [{ trouble: "no-iommu", message: `${device.address} is in no IOMMU group` }] };
  const functions = all
    .filter((other) => other.iommuGroup === group && kindOf(other) !== "bridge")
    .sort((left, right) => comparePciAddresses(left.address, right.address));
  const strangers = functions.filter((other) => !belongsTogether(device, other));
  if (strangers.length === 0) return { functions, group };
  return {
    refusals: [
      {
        trouble: "group-shared",
        message: `IOMMU group ${group} of ${device.address} also holds ${strangers.map(nameFunction).join(", ")}`,
      },
    ],
  };
}

/** A VF shares its slot number with its PF or with other VFs, and is passed alone. */
function belongsTogether(device: PciFunction, other: PciFunction): boolean {
  if (device.address === other.address) return true;
  if (device.physicalFunction !== undefined || other.physicalFunction !== undefined) return false;
  return isSameSlot(device.address, other.address);
}

function nameFunction({ address, classCode, driver }: PciFunction): string {
  return `${address} (${describeClass(classCode)}${driver === undefined ? "" : `, driver ${driver}`})`;
}
