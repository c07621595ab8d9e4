// The host's GPUs as the inventory tells them: what each is, what it offers, how the host uses it and how we know, and who
// has its parts. Pure, so that every door shows the same.

import type { OfferedTypes } from "../choose-mode";
import { describeHostUse } from "../host/host-use";
import { claimOfFunction, nameClaim, partsOfDevice } from "../owner-guard";
import type { GpuMode, PartitionRecord } from "../partition-record";
import type { PciBar } from "../pci/pci-bars";
import { describeClass } from "../pci/pci-class";
import { isGpu, kindOf, type PciFunction } from "../pci/pci-function";
import type { GpuProfile } from "../profile/gpu-profile";
import type { QuotaKnob } from "../quota/partition-quota";
import type { NamedFunction } from "../select-device";
import { describeOffer } from "./device-offer";
import { allFunctions, type HostGpus } from "./host-gpus";

/** One way to use a GPU. `against`: what stands in the way now, as sentences; empty: it can be had. */
export interface GpuWay {
  readonly mode: GpuMode;
  readonly against: readonly string[];
}

/** One GPU. Names are pci.ids', or ids. */
export interface GpuReport {
  readonly address: string;
  readonly vendor: string;
  readonly model: string;
  /** `10de:2335`. */
  readonly ids: string;
  /** Such as `3D controller`. */
  readonly kind: string;
  readonly driver?: string;
  readonly iommuGroup?: string;
  /** Addresses of the other functions of its group, bridges left out. */
  readonly groupMembers: readonly string[];
  readonly totalVfs: number;
  readonly usedVfs: number;
  /** Types that partitions can be made of. */
  readonly profiles: readonly GpuProfile[];
  readonly ways: readonly GpuWay[];
  /** Kinds of quota that its VFs can be given. */
  readonly quotas: readonly QuotaKnob[];
  readonly numaNode?: number;
  readonly label?: string;
  /** Absent: the kernel does not say. */
  readonly resetMethods?: readonly string[];
  readonly bars: readonly PciBar[];
  /** How the host itself uses it, each with how we know; empty: it does not. */
  readonly hostUse: readonly string[];
  /** Who has it or a part of it, by name. */
  readonly claims: readonly string[];
}

/** Every GPU, and every other device of which somebody has a partition, in the order of their addresses. */
export function describeGpus(host: HostGpus, records: readonly PartitionRecord[]): readonly GpuReport[] {
  const isWorthTelling = ({ device }: NamedFunction): boolean =>
    isGpu(device) || host.parts.has(device.address) || claimsOn(device, records).length > 0;
  return host.functions
    .filter((each) => each.device.physicalFunction === undefined && isWorthTelling(each))
    .map((each) => describeGpu(each, host, records));
}

function describeGpu(card: NamedFunction, host: HostGpus, records: readonly PartitionRecord[]): GpuReport {
  const { device, names } = card;
  const signs = host.signs.get(device.address);
  const claims = claimsOn(device, records);
  return {
    address: device.address,
    vendor: names.vendor ?? device.vendorId,
    model: names.device ?? device.deviceId,
    ids: `${device.vendorId}:${device.deviceId}`,
    kind: describeClass(device.classCode),
    groupMembers: groupMembers(device, allFunctions(host)),
    totalVfs: device.totalVfs,
    usedVfs: partsOfDevice(device.address, records).filter(({ place }) => place.vf !== undefined).length,
    ...describeWays(card, host, records),
    quotas: host.parts.get(device.address)?.quota?.knobs ?? [],
    bars: device.bars.own,
    // The handles of a guest that has it are its claim's, not the host's.
    hostUse: signs === undefined || claims.length > 0 ? [] : describeHostUse(signs),
    claims: claims.map(nameClaim),
    ...optionalParts(device),
  };
}

function optionalParts({
  driver,
  iommuGroup,
  numaNode,
  label,
  resetMethods,
}: PciFunction): Pick<GpuReport, "driver" | "iommuGroup" | "numaNode" | "label" | "resetMethods"> {
  return {
    ...(driver === undefined ? {} : { driver }),
    ...(iommuGroup === undefined ? {} : { iommuGroup }),
    ...(numaNode === undefined ? {} : { numaNode }),
    ...(label === undefined ? {} : { label }),
    ...(resetMethods === undefined ? {} : { resetMethods }),
  };
}

function describeWays(
  card: NamedFunction,
  host: HostGpus,
  records: readonly PartitionRecord[],
): Pick<GpuReport, "ways" | "profiles"> {
  const offer = describeOffer({ partitionId: "", card }, host, records);
  const listed = (types: OfferedTypes | "not-listed-yet" | undefined): readonly GpuProfile[] =>
    types === undefined || types === "not-listed-yet" ? [] : types.offered;
  const against = (refusals: readonly { readonly message: string }[]): readonly string[] =>
    refusals.map(({ message }) => message);
  const ways: GpuWay[] = [{ mode: "passthrough", against: against(offer.againstPassthrough) }];
  if (card.device.totalVfs > 0) ways.push({ mode: "sriov", against: against(offer.againstSriov) });
  if (offer.mdev !== undefined && offer.mdev !== "not-listed-yet") ways.push({ mode: "mdev", against: [] });
  if (offer.vendorVfio !== undefined) ways.push({ mode: "vendor-vfio", against: [] });
  return { ways, profiles: [...listed(offer.mdev), ...listed(offer.vendorVfio)] };
}

function groupMembers({ address, iommuGroup }: PciFunction, all: readonly PciFunction[]): readonly string[] {
  const members = all.filter((other) => iommuGroup !== undefined && other.iommuGroup === iommuGroup);
  return members.flatMap((other) => (other.address === address || kindOf(other) === "bridge" ? [] : [other.address]));
}

function claimsOn({ address }: PciFunction, records: readonly PartitionRecord[]): readonly PartitionRecord[] {
  const whole = claimOfFunction(address, records);
  return [...(whole === undefined ? [] : [whole]), ...partsOfDevice(address, records)];
}
