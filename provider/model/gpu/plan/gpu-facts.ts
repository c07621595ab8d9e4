// The host's GPUs as facts of the host: what they are and how each can be had. They stay while leea's own partitions come and
// go, and while programs open and close a device, so that a host's outputs change only when the host does.

import { standingClaims } from "../owner-guard";
import type { PartitionRecord } from "../partition-record";
import type { PciFunction } from "../pci/pci-function";
import { describeGpus } from "./describe-gpus";
import type { HostGpus } from "./host-gpus";

/** One GPU of a host. Empty text: it has none. */
export interface GpuFacts {
  readonly address: string;
  /** Names by pci.ids, or ids. */
  readonly vendor: string;
  readonly model: string;
  /** The host's driver, also while a partition has the device. */
  readonly driver: string;
  readonly iommuGroup: string;
  /** Modes in which it can be had, leaving aside who has it now. */
  readonly modes: readonly string[];
  /** Its display, its text console, a disk or an interface of the host is on it. */
  readonly usedByHost: boolean;
  /** What stands in the way of other modes, each as a sentence with its evidence. */
  readonly against: readonly string[];
}

/** The facts, in the order of addresses. `host`: as `withoutPartitions` gives its functions, and without open handles. */
export function describeGpuFacts(host: HostGpus): readonly GpuFacts[] {
  return describeGpus(host, []).map(({ address, vendor, model, driver = "", iommuGroup = "", ways, hostUse }) => ({
    address,
    vendor,
    model,
    driver,
    iommuGroup,
    modes: ways.filter(({ against }) => against.length === 0).map(({ mode }) => mode),
    usedByHost: hostUse.length > 0,
    against: ways.flatMap(({ mode, against }) => against.map((reason) => `not ${mode}: ${reason}`)),
  }));
}

/** The functions as they were before leea's partitions: on their own drivers, and without the VFs that leea made. */
export function withoutPartitions(
  functions: readonly PciFunction[],
  records: readonly PartitionRecord[],
): readonly PciFunction[] {
  const claims = standingClaims(records);
  const split = new Set(claims.flatMap(({ place, parentBefore }) => (parentBefore?.vfCount === 0 ? place.device : [])));
  const before = new Map(claims.flatMap((claim) => claim.functions.map((each) => [each.address, each] as const)));
  return functions
    .filter(({ physicalFunction = "" }) => !split.has(physicalFunction))
    .map((device) => {
      const { driver: now, ...rest } = split.has(device.address) ? { ...device, virtualFunctions: [] } : device;
      const claimed = before.get(device.address);
      const driver = claimed === undefined ? now : claimed.driver;
      return { ...rest, ...(driver === undefined ? {} : { driver }) };
    });
}
