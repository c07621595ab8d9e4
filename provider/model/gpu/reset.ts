// Whether a device can be cleaned between two guests. Without it what one guest left in the device's memory and registers
// may reach the next. Source: kernel pci_reset_bus, vfio-pci's hot reset.

import { parsePciAddress } from "./pci/pci-address";
import type { PciFunction } from "./pci/pci-function";
import type { Refusal } from "./refusal/gpu-trouble";

/**
 * The refusals for functions that nothing can reset. A function is reset by a method of its own, or with its whole bus where
 * everything behind that bridge is in the claim: consumer cards of two functions have no other way. That `bus` is among its
 * methods says nothing: the kernel asks when the first function of a bus is found, before its neighbours are. A function
 * that the kernel cannot reset has no file of methods at all; a kernel that has none of them (before 5.15) is believed.
 * `all`: every function of the host. Source: kernel pci_init_reset_methods, pci_parent_bus_reset.
 */
export function refuseUnresettable(claim: readonly PciFunction[], all: readonly PciFunction[]): readonly Refusal[] {
  if (all.every(({ resetMethods }) => resetMethods === undefined)) return [];
  return claim.flatMap((device) => {
    if (device.resetMethods?.some((method) => method !== "bus") || hasBusOfItsOwn(device, claim, all)) return [];
    const message = `nothing can reset ${device.address}: it has no method of its own and shares its bus`;
    return [{ trouble: "no-reset" as const, message }];
  });
}

function hasBusOfItsOwn(device: PciFunction, claim: readonly PciFunction[], all: readonly PciFunction[]): boolean {
  if (device.upstreamBridge === undefined || device.physicalFunction !== undefined) return false;
  const neighbours = all.filter((other) => isSameBus(device.address, other.address));
  return neighbours.every(({ address }) => claim.some((taken) => taken.address === address));
}

function isSameBus(left: string, right: string): boolean {
  const [one, other] = [parsePciAddress(left), parsePciAddress(right)];
  return one !== undefined && one.domain === other?.domain && one.bus === other.bus;
}
