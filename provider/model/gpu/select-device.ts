// Which devices of a host a declaration can mean: one by address, or all that match vendor, model and label, in the order
// of their addresses. It does not judge whether they are free.

import { nearestName } from "../inputs/nearest-name";
import type { PartitionSpec } from "./partition-record";
import { comparePciAddresses, parsePciAddress } from "./pci/pci-address";
import { isGpu, kindOf, type PciFunction } from "./pci/pci-function";
import type { PciNames } from "./pci/pci-names";
import type { Refusal } from "./refusal/gpu-trouble";

/** A function with its names. */
export interface NamedFunction {
  readonly device: PciFunction;
  readonly names: PciNames;
}

type Selector = Pick<PartitionSpec, "address" | "vendor" | "model" | "label">;

/** The candidates, or why there is none. By address any function but a bridge; else display controllers and accelerators. */
export function selectDevices(selector: Selector, all: readonly NamedFunction[]): readonly NamedFunction[] | Refusal {
  if (selector.address !== undefined) return selectByAddress(selector.address, all);
  const gpus = all.filter(({ device }) => isGpu(device));
  const found = gpus
    .filter((each) => matches(selector, each))
    .sort((left, right) => comparePciAddresses(left.device.address, right.device.address));
  if (found.length > 0) return found;
  const has = gpus.map(describeFunction);
  return {
    trouble: "device-absent",
    message: `no GPU of the host is ${describeSelector(selector)}${has.length === 0 ? "; it has none" : `; it has ${has.join(", ")}`}`,
  };
}

/** `0000:01:00.0 (NVIDIA GH100 [H200 SXM])`, or its ids where pci.ids has no name. */
export function describeFunction({ device, names }: NamedFunction): string {
  const ids = `${device.vendorId}:${device.deviceId}`;
  const words = [names.vendor, names.device].filter((word) => word !== undefined).join(" ");
  return `${device.address} (${words === "" ? ids : words})`;
}

function selectByAddress(text: string, all: readonly NamedFunction[]): readonly NamedFunction[] | Refusal {
  const address = parsePciAddress(text)?.text;
  if (address === undefined) return { trouble: "address-invalid", message: `"${text}" is no PCI address` };
  const found = all.find(({ device }) => device.address === address);
  if (found === undefined) return { trouble: "device-absent", message: absent(address, all) };
  if (kindOf(found.device) === "bridge")
    return { trouble: "device-is-bridge", message: `${describeFunction(found)} is a PCI bridge` };
  return [found];
}

function absent(address: string, all: readonly NamedFunction[]): string {
  const gpus = all.filter(({ device }) => isGpu(device)).map(({ device }) => device.address);
  const near = nearestName(address, gpus);
  return `the host has no device ${address}${near === undefined ? "" : `; did you mean ${near}?`}`;
}

/** A vendor is its id or a word of its name, a model its id or a part of its name; letters' case does not count. */
function matches({ vendor, model, label }: Selector, { device, names }: NamedFunction): boolean {
  const isVendor =
    vendor === undefined || same(vendor, device.vendorId) || wordsOf(names.vendor).includes(vendor.toLowerCase());
  const isModel = model === undefined || same(model, device.deviceId) || includes(names.device, model);
  return isVendor && isModel && (label === undefined || same(label, device.label ?? ""));
}

function same(left: string, right: string): boolean {
  return left.trim().toLowerCase() === right.trim().toLowerCase();
}

function includes(name: string | undefined, part: string): boolean {
  return name !== undefined && name.toLowerCase().includes(part.trim().toLowerCase());
}

function wordsOf(name: string | undefined): readonly string[] {
  return (name ?? "").toLowerCase().split(/[^a-z0-9]+/);
}

function describeSelector({ vendor, model, label }: Selector): string {
  const parts = [vendor, model, label === undefined ? undefined : `labelled "${label}"`];
  return parts.filter((part) => part !== undefined).join(" ");
}
