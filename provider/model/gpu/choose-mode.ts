// Which interface makes the partition: the declared one where the device offers it, or the best for `auto`. What was
// passed over is told with its reason, so that preview can say it.

import type { GpuMode, PartitionSpec } from "./partition-record";
import { type ProfileOffer, refuseProfile } from "./profile/gpu-profile";
import { type QuotaOffer, refuseQuota } from "./quota/partition-quota";
import type { Refusal } from "./refusal/gpu-trouble";

/** Types that can be made now. */
export type OfferedTypes = ProfileOffer;

/** What a device offers now. `not-listed-yet`: its VFs tell their types once they are made. */
export interface DeviceOffer {
  /** For messages: `0000:01:00.0 (NVIDIA GH100 [H200 SXM])`. */
  readonly device: string;
  /** Types of mediated devices, of the device and of its VFs; absent: it makes none. */
  readonly mdev?: OfferedTypes | "not-listed-yet";
  /** Types that its VFs can be given by their vendor's driver; absent: it has no such VFs. */
  readonly vendorVfio?: OfferedTypes | "not-listed-yet";
  /** Quotas that its VFs can be given; absent: its driver has none. */
  readonly quota?: QuotaOffer;
  /** What forbids VFs of a plain kind; empty: nothing does. */
  readonly againstSriov: readonly Refusal[];
  /** What forbids to pass the whole function; empty: nothing does. */
  readonly againstPassthrough: readonly Refusal[];
}

/** The mode, why, and what `auto` passed over, as sentences. */
export interface ModeChoice {
  readonly mode: GpuMode;
  readonly because: string;
  readonly passedOver: readonly string[];
}

type Wish = Pick<PartitionSpec, "mode" | "profile" | "vfs" | "quota">;

/** The choice, or every refusal: of the declared mode, or of all modes that `auto` may take. */
export function chooseMode(offer: DeviceOffer, wish: Wish): ModeChoice | { readonly refusals: readonly Refusal[] } {
  if (wish.mode !== "auto") {
    const refusals = refuseMode(wish.mode, offer, wish);
    return refusals.length > 0 ? { refusals } : { mode: wish.mode, because: "it is declared", passedOver: [] };
  }
  const tried: { readonly mode: GpuMode; readonly refusals: readonly Refusal[] }[] = [];
  for (const mode of orderOf(wish)) {
    const refusals = refuseMode(mode, offer, wish);
    if (refusals.length === 0) return { mode, because: reasonFor(mode, offer), passedOver: tried.map(tellPassedOver) };
    tried.push({ mode, refusals });
  }
  return { refusals: worthTelling(tried.flatMap(({ refusals }) => refusals)) };
}

/** With a profile only what has types; with a number of VFs or a quota only VFs; else VFs before the whole card. */
function orderOf({ profile, vfs, quota }: Wish): readonly GpuMode[] {
  if (profile !== undefined) return ["vendor-vfio", "mdev"];
  return vfs === undefined && quota === undefined ? ["sriov", "passthrough"] : ["sriov"];
}

const reasons: Readonly<Record<GpuMode, string>> = {
  "vendor-vfio": "a profile is declared, and the vendor's driver gives types to VFs of this device",
  mdev: "a profile is declared, and the device makes mediated devices of it",
  sriov: "the device has VFs, each a part of its own behind the IOMMU",
  passthrough: "the device has no parts to give, so it is passed whole",
};

/** Which of the two it is, NVIDIA's driver tells by the VFs that it makes. */
function reasonFor(mode: GpuMode, { vendorVfio, mdev }: DeviceOffer): string {
  if (vendorVfio !== "not-listed-yet" || mdev !== "not-listed-yet") return reasons[mode];
  return "a profile is declared; once VFs are made, the vendor's driver tells its types, and whether VFs have them (vendor-vfio) or mediated devices of VFs (mdev)";
}

function refuseMode(mode: GpuMode, offer: DeviceOffer, { profile, quota }: Wish): readonly Refusal[] {
  if (mode === "passthrough") return [...refuseNeedless(mode, offer, profile), ...offer.againstPassthrough];
  if (mode === "sriov")
    return [
      ...refuseNeedless(mode, offer, profile),
      ...offer.againstSriov,
      ...refuseQuota(quota, offer.device, offer.quota),
    ];
  const types = mode === "mdev" ? offer.mdev : offer.vendorVfio;
  if (types === undefined) return [{ trouble: "mode-not-offered", message: `${offer.device} offers no ${mode}` }];
  if (profile === undefined) return [refuseMissing(mode, offer.device, types)];
  if (types === "not-listed-yet") return [];
  const refusal = refuseProfile(profile, offer.device, types);
  return refusal === undefined ? [] : [refusal];
}

function refuseMissing(mode: GpuMode, device: string, types: OfferedTypes | "not-listed-yet"): Refusal {
  const names = types === "not-listed-yet" ? ["one of its vendor's types"] : types.offered.map(({ name }) => name);
  return {
    trouble: "profile-missing",
    message: `${mode} on ${device} needs a profile: ${names.slice(0, 12).join(", ")}`,
  };
}

/** A profile that nothing would read is a mistake: the user expects a part of that size. */
function refuseNeedless(mode: GpuMode, { device }: DeviceOffer, profile: string | undefined): readonly Refusal[] {
  if (profile === undefined) return [];
  return [
    { trouble: "mode-not-offered", message: `${mode} on ${device} has no profiles, and "${profile}" is declared` },
  ];
}

function tellPassedOver({ mode, refusals }: { mode: GpuMode; refusals: readonly Refusal[] }): string {
  return `not ${mode}: ${refusals.map(({ message }) => message).join("; ")}`;
}

/** Each once. That a card has not every interface is told only where nothing else stands in the way. */
function worthTelling(refusals: readonly Refusal[]): readonly Refusal[] {
  const distinct = refusals.filter(
    (each, index) => refusals.findIndex(({ message }) => message === each.message) === index,
  );
  const real = distinct.filter(({ trouble }) => trouble !== "no-sriov" && trouble !== "mode-not-offered");
  return real.length > 0 ? real : distinct;
}
