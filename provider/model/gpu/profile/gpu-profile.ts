// Partition types (profiles) that a driver offers, and which of them a declared one means. It chooses by id or name and
// never by size alone: two types of one size may have other displays, schedulers and licences.

import { nearestName } from "../../inputs/nearest-name";
import type { Refusal } from "../refusal/gpu-trouble";
import { mixedSizesOrder, refuseMigType } from "./nvidia-words";

/** One type. `id` is what is written to the kernel (an mdev type's folder, a vendor's number), `name` what people know. */
export interface GpuProfile {
  readonly id: string;
  readonly name: string;
  /** Graphics memory; absent: the driver does not say. */
  readonly memoryBytes?: number;
  /** How many more can be made now; absent: the driver does not say. */
  readonly available?: number;
}

/** The type that `wanted` means: its id, its name, or its name without the maker's (`L40S-1Q` for `NVIDIA L40S-1Q`). */
export function matchProfile<T extends GpuProfile>(offered: readonly T[], wanted: string): T | undefined {
  const word = wanted.trim().toLowerCase();
  const byId = offered.find(({ id }) => id.toLowerCase() === word);
  const byName = offered.find(({ name }) => name.toLowerCase() === word);
  return byId ?? byName ?? offered.find(({ name }) => name.toLowerCase().split(/\s+/).at(-1) === word);
}

/** What a card, or a VF of it, can be given. `known`: also what it has and cannot be given now: a vendor's list shrinks. */
export interface ProfileOffer {
  readonly offered: readonly GpuProfile[];
  readonly known: readonly GpuProfile[];
  /** Address of a card of NVIDIA's, where types may be bound to its GPU instances or to one size. */
  readonly nvidiaCard?: string;
  /** Types that its VFs have now. */
  readonly inUse?: readonly Pick<GpuProfile, "id" | "name">[];
}

/**
 * What stands in the way of one more of the wanted type; undefined: nothing. `known`: types that the device has, also
 * those that it does not offer now, because a vendor's list shrinks as its VFs are given types.
 */
export function refuseProfile(wanted: string, device: string, types: ProfileOffer): Refusal | undefined {
  const offer = matchProfile(types.offered, wanted);
  if (offer !== undefined && offer.available !== 0) return undefined;
  const all = [...types.offered, ...types.known];
  const known = matchProfile(all, wanted);
  const mig = types.nvidiaCard === undefined ? undefined : refuseMigType(known?.name ?? wanted, types.nvidiaCard);
  if (mig !== undefined) return mig;
  if (known !== undefined)
    return {
      trouble: "profile-full",
      message: `${device} has no room for one more ${known.name}${describeFree(types.offered)}${describeMix(known, types)}`,
    };
  const nearest = nearestName(
    wanted,
    all.flatMap(({ id, name }) => [id, name]),
  );
  return {
    trouble: "profile-unknown",
    message: `${device} has no type "${wanted}"${nearest === undefined ? "" : ` (did you mean "${nearest}"?)`}${describeFree(types.offered)}`,
  };
}

/** Cards of NVIDIA's hold one size at a time; what the operator can do about it. */
function describeMix(wanted: GpuProfile, { nvidiaCard, inUse = [] }: ProfileOffer): string {
  const others = [...new Set(inUse.filter(({ id }) => id !== wanted.id).map(({ name }) => name))];
  if (nvidiaCard === undefined || others.length === 0) return "";
  return `. Its VFs have ${others.join(", ")}, and sizes mix only where that was set ${mixedSizesOrder(nvidiaCard)}`;
}

/** What can still be made, for the end of a sentence. */
function describeFree(offered: readonly GpuProfile[]): string {
  const free = offered.filter(({ available }) => available !== 0);
  if (free.length === 0) return "; nothing more can be made on it now";
  const words = free.slice(0, 12).map(({ id, name }) => (id === name ? name : `${name} (${id})`));
  return `; it offers ${words.join(", ")}${free.length > 12 ? ", …" : ""}`;
}

/**
 * Graphics memory by an NVIDIA type's name: `L40S-1Q` has 1 GiB, `A100-1-5C` (MIG) 5 GiB, `T4-0B` half a GiB. undefined
 * where the name has no such end. Source: NVIDIA vGPU user guide, "Virtual GPU types".
 */
export function memoryOfVgpuName(name: string): number | undefined {
  const gigabytes = /-(\d+)[ABCQ](?:ME|NLS|GFX)?$/.exec(name.trim())?.[1];
  if (gigabytes === undefined) return undefined;
  return gigabytes === "0" ? 2 ** 29 : Number(gigabytes) * 2 ** 30;
}
