// What one card offers now, and what stands against each way of using it: the reasons that preview tells and apply refuses.

import type { DeviceOffer, OfferedTypes } from "../choose-mode";
import { describeHostUse, refuseHostUse } from "../host/host-use";
import { judgeGroup } from "../iommu-group";
import { claimOfFunction, claimOfVf, partsOfDevice, refuseClaimed } from "../owner-guard";
import type { PartitionRecord } from "../partition-record";
import type { PciFunction } from "../pci/pci-function";
import type { GpuProfile } from "../profile/gpu-profile";
import type { Refusal } from "../refusal/gpu-trouble";
import { isVfioDriver } from "../refusal/kernel-refusal";
import { refuseUnresettable } from "../reset";
import { describeFunction, type NamedFunction } from "../select-device";
import { allocateVf, type VfRequest, type VfState } from "../vf-allocation";
import { allFunctions, type HostGpus } from "./host-gpus";

/** One request for a card, or for one VF of it. */
export interface CardRequest {
  readonly partitionId: string;
  readonly card: NamedFunction;
  readonly wantedVfs?: number;
  readonly onlyIndex?: number;
}

/** The card's offer to this partition. */
export function describeOffer(request: CardRequest, host: HostGpus, records: readonly PartitionRecord[]): DeviceOffer {
  const { device } = request.card;
  const parts = host.parts.get(device.address);
  const mdev = (parts?.mdevParents ?? []).flatMap(({ types }) => types);
  const vendor = parts?.vendorVfs ?? [];
  return {
    device: describeFunction(request.card),
    ...(mdev.length === 0 ? {} : { mdev: { offered: mergeTypes(mdev), known: [], ...nvidiaCard(device) } }),
    ...(vendor.length === 0 ? {} : { vendorVfio: vendorTypes(request, host, records) }),
    ...(vendor.length === 0 && mdev.length === 0 && isVendorServed(device) ? vendorLater(device) : {}),
    ...(parts?.quota === undefined ? {} : { quota: parts.quota }),
    againstSriov: refuseSriov(request, host, records),
    againstPassthrough: refusePassthrough(request, host, records),
  };
}

/** The request for a VF of the card as the allocation takes it. `unfit`: VFs that the mode cannot use, by index. */
export function vfRequest(
  request: CardRequest,
  host: HostGpus,
  records: readonly PartitionRecord[],
  unfit: Readonly<Record<number, string>> = {},
): VfRequest {
  const { device } = request.card;
  return {
    partitionId: request.partitionId,
    device: device.address,
    total: device.totalVfs,
    vfs: device.virtualFunctions.map((address, index) =>
      vfState({ device: device.address, index, address }, host, records),
    ),
    ...(request.wantedVfs === undefined ? {} : { wanted: request.wantedVfs }),
    ...(request.onlyIndex === undefined ? {} : { onlyIndex: request.onlyIndex }),
    unfit: { ...sharedGroups(device, host), ...unfit },
  };
}

/** VFs that are not alone in their group, by index. */
function sharedGroups({ virtualFunctions }: PciFunction, host: HostGpus): Readonly<Record<number, string>> {
  const all = allFunctions(host);
  const shared = virtualFunctions.flatMap((address, index) => {
    const vf = all.find((each) => each.address === address);
    if (vf === undefined || vf.iommuGroup === undefined || "functions" in judgeGroup(vf, all)) return [];
    return [[index, "shares its IOMMU group"] as const];
  });
  return Object.fromEntries(shared);
}

/** Whether the card's VFs are its vendor's driver's to type: a plain vfio-pci bind gives a VF without memory. */
export function isVendorServed({ vendorId, driver }: PciFunction): boolean {
  return vendorId === "10de" && driver === "nvidia";
}

/**
 * The refusal to make VFs on AMD's gim: it makes them when it is loaded, by its own parameter, and a change takes all guests of
 * the card down. What it made is taken as it is. Source: amd/MxGPU-Virtualization, gim_config.c.
 */
export function refuseLoadTimeVfs({ address, driver }: PciFunction): Refusal | undefined {
  if (driver !== "gim") return undefined;
  const message = `gim made no VFs of ${address} when it was loaded: the host's operator sets vf_num and loads it anew`;
  return { trouble: "driver-without-sriov", message };
}

function vfState(
  { device, index, address }: { readonly device: string; readonly index: number; readonly address: string },
  host: HostGpus,
  records: readonly PartitionRecord[],
): VfState {
  const driver = allFunctions(host).find((each) => each.address === address)?.driver;
  const claim = claimOfFunction(address, records) ?? claimOfVf({ device, index, address }, records);
  const signs = host.signs.get(address);
  return {
    index,
    address,
    uses: signs === undefined ? [] : describeHostUse(signs),
    ...(driver === undefined ? {} : { driver }),
    ...(claim === undefined ? {} : { claim }),
  };
}

function refusePassthrough(
  { card, partitionId }: CardRequest,
  host: HostGpus,
  records: readonly PartitionRecord[],
): readonly Refusal[] {
  const unready = refuseUnready(host);
  const all = allFunctions(host);
  const verdict = judgeGroup(card.device, all);
  const taken = "functions" in verdict ? verdict.functions : [card.device];
  const addresses = taken.map(({ address }) => address);
  const claims = refuseClaimed(partitionId, addresses, records);
  if (claims.length > 0) return claims; // how its owner uses it is no sign of the host's own use
  return [
    ...unready,
    ...("refusals" in verdict ? verdict.refusals.filter(({ trouble }) => !has(unready, trouble)) : []),
    ...refuseHostUse(addresses.flatMap((address) => host.signs.get(address) ?? [])),
    ...taken.flatMap(refuseSplit),
    ...refuseUnresettable(taken, all),
  ];
}

/** The kernel would let the PF go and leave its VFs standing without anybody who serves them. */
function refuseSplit({ address, virtualFunctions }: PciFunction): readonly Refusal[] {
  if (virtualFunctions.length === 0) return [];
  return [{ trouble: "vf-count-fixed", message: `${address} is split into ${virtualFunctions.length} VFs` }];
}

function refuseSriov(request: CardRequest, host: HostGpus, records: readonly PartitionRecord[]): readonly Refusal[] {
  const { device } = request.card;
  if (device.totalVfs === 0) return [{ trouble: "no-sriov", message: `${device.address} has no SR-IOV` }];
  const claims = refuseWhole(request, records);
  if (claims.length > 0) return claims;
  const unready = refuseUnready(host);
  const hasNoIommu = device.iommuGroup === undefined && !has(unready, "no-iommu");
  const allocation = allocateVf(vfRequest(request, host, records));
  return [
    ...unready,
    ...(hasNoIommu ? [{ trouble: "no-iommu" as const, message: `${device.address} is in no IOMMU group` }] : []),
    ...refuseVfDriver(request.card, host),
    ...("trouble" in allocation ? [allocation] : []),
  ];
}

/** VFs are made by the PF's driver; where they exist already, it may be gone. */
function refuseVfDriver(card: NamedFunction, host: HostGpus): readonly Refusal[] {
  const { address, driver, virtualFunctions } = card.device;
  const parts = host.parts.get(address);
  const isTyped = isVendorServed(card.device) || (parts?.vendorVfs.length ?? 0) > 0;
  if (isTyped) return [{ trouble: "vf-needs-vendor-driver", message: `VFs of ${describeFunction(card)} need a type` }];
  if (virtualFunctions.length > 0) return [];
  const fixed = refuseLoadTimeVfs(card.device);
  if (fixed !== undefined) return [fixed];
  if (driver === undefined) return [{ trouble: "pf-without-driver", message: `${address} has no driver to make VFs` }];
  if (!isVfioDriver(driver)) return [];
  return [{ trouble: "pf-on-vfio", message: `${address} is on ${driver}, which makes no VFs` }];
}

/** Its VFs come to be and go with the PF's driver, which a claim on the whole card has taken away. */
function refuseWhole({ card, partitionId }: CardRequest, records: readonly PartitionRecord[]): readonly Refusal[] {
  const whole = records.filter(({ place }) => place.mode === "passthrough");
  return refuseClaimed(partitionId, [card.device.address], whole);
}

function refuseUnready({ missing }: HostGpus): readonly Refusal[] {
  return missing.map(({ trouble, what, mend }) => ({ trouble, message: `${what}: ${mend}` }));
}

function has(refusals: readonly Refusal[], trouble: Refusal["trouble"]): boolean {
  return refusals.some((each) => each.trouble === trouble);
}

/** NVIDIA's VFs are made at the first partition; only then they say which types there are, and by which interface. */
function vendorLater({ totalVfs, virtualFunctions }: PciFunction): Pick<DeviceOffer, "vendorVfio" | "mdev"> {
  if (totalVfs === 0 || virtualFunctions.length > 0) return {};
  return { vendorVfio: "not-listed-yet", mdev: "not-listed-yet" };
}

function nvidiaCard({ vendorId, address }: PciFunction): Pick<OfferedTypes, "nvidiaCard"> {
  return vendorId === "10de" ? { nvidiaCard: address } : {};
}

/** A type once, with what all its parents can still make of it. */
function mergeTypes(types: readonly GpuProfile[]): readonly GpuProfile[] {
  const merged = new Map<string, GpuProfile>();
  for (const type of types) {
    const earlier = merged.get(type.id);
    const available =
      earlier?.available === undefined || type.available === undefined
        ? type.available
        : earlier.available + type.available;
    merged.set(type.id, { ...type, ...(available === undefined ? {} : { available }) });
  }
  return [...merged.values()];
}

/** What a free VF can be given, and what the card is known to have: others' types, which the list no longer shows. */
function vendorTypes(request: CardRequest, host: HostGpus, records: readonly PartitionRecord[]): OfferedTypes {
  const { device } = request.card;
  const vfs = host.parts.get(device.address)?.vendorVfs ?? [];
  const offered = mergeTypes(
    vfs.flatMap(({ vf, creatable }) => (claimOfFunction(vf, records) === undefined ? creatable : [])),
  );
  const known = records.flatMap(({ place, knownTypes = [] }) => (place.device === device.address ? knownTypes : []));
  return {
    offered,
    known: [...mergeTypes(vfs.flatMap(({ creatable }) => creatable)), ...known],
    inUse: partsOfDevice(device.address, records).flatMap(({ place }) => place.profile ?? []),
    ...nvidiaCard(device),
  };
}
