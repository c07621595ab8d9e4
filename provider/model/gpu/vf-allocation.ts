// Which VF a partition gets, and how many the device is to have. The count is the device's: the kernel changes it only
// through zero, so leea sets it while there are none and never under a user.

import { nameClaim } from "./owner-guard";
import type { PartitionRecord } from "./partition-record";
import type { Refusal } from "./refusal/gpu-trouble";
import { isVfioDriver } from "./refusal/kernel-refusal";

/** One VF as it stands. `index` is the number in `virtfnN`. */
export interface VfState {
  readonly index: number;
  readonly address: string;
  readonly driver?: string;
  /** A record that is not released has it. */
  readonly claim?: PartitionRecord;
  /** How the host uses it, or who holds it open; empty: nobody. */
  readonly uses: readonly string[];
}

/** What is asked, and how the device stands. */
export interface VfRequest {
  readonly partitionId: string;
  readonly device: string;
  /** `sriov_totalvfs`. */
  readonly total: number;
  readonly vfs: readonly VfState[];
  /** How many VFs are declared; absent: all. */
  readonly wanted?: number;
  /** A VF that was named by its own address. */
  readonly onlyIndex?: number;
  /** VFs that cannot be used for a reason of the mode, such as a type that does not fit; by index. */
  readonly unfit?: Readonly<Record<number, string>>;
}

/** `enable`: set the count first (from zero), then use VF `index`. */
export type VfAllocation =
  | { readonly act: "use"; readonly index: number }
  | { readonly act: "enable"; readonly count: number; readonly index: number };

/** The VF, or why there is none. A repeated request gets the VF that it has. */
export function allocateVf(request: VfRequest): VfAllocation | Refusal {
  const own = request.vfs.find(({ claim }) => claim?.partitionId === request.partitionId);
  if (own !== undefined) return { act: "use", index: own.index };
  if (request.total === 0) return { trouble: "no-sriov", message: `${request.device} has no SR-IOV` };
  if ((request.wanted ?? 0) > request.total)
    return {
      trouble: "vf-count-above-total",
      message: `${request.device} has at most ${request.total} VFs, and ${request.wanted} are asked for`,
    };
  if (request.vfs.length === 0) return enable(request);
  if (request.wanted !== undefined && request.wanted !== request.vfs.length) return refuseCount(request);
  return useFree(request);
}

function enable({ wanted, total, onlyIndex = 0, device }: VfRequest): VfAllocation | Refusal {
  const count = wanted ?? total;
  if (onlyIndex >= count)
    return { trouble: "device-absent", message: `VF ${onlyIndex} of ${device} is none of its ${count}` };
  return { act: "enable", count, index: onlyIndex };
}

function refuseCount({ device, wanted, vfs }: VfRequest): Refusal {
  const claims = vfs.flatMap(({ claim }) => (claim === undefined ? [] : [nameClaim(claim)]));
  const users = claims.length === 0 ? "which leea did not set" : `used by ${claims.join(", ")}`;
  return { trouble: "vf-count-fixed", message: `${device} is split into ${vfs.length}, not ${wanted} VFs, ${users}` };
}

function useFree({ device, vfs, onlyIndex, unfit = {} }: VfRequest): VfAllocation | Refusal {
  const candidates = vfs.filter(({ index }) => onlyIndex === undefined || index === onlyIndex);
  const free = candidates
    .filter((vf) => whyTaken(vf, unfit) === undefined)
    .sort((left, right) => rank(left) - rank(right) || left.index - right.index)[0];
  if (free !== undefined) return { act: "use", index: free.index };
  if (candidates.length === 0) return { trouble: "device-absent", message: `${device} has no VF ${onlyIndex}` };
  const reasons = candidates.map((vf) => `${vf.address} ${whyTaken(vf, unfit)}`);
  return { trouble: "no-free-vf", message: `no VF of ${device} is free: ${reasons.join("; ")}` };
}

function whyTaken(vf: VfState, unfit: Readonly<Record<number, string>>): string | undefined {
  if (vf.claim !== undefined) return `belongs to ${nameClaim(vf.claim)}`;
  if (vf.uses.length > 0) return `is in use (${vf.uses.join("; ")})`;
  return unfit[vf.index];
}

/** First those without a driver, then those on a VFIO driver, last those that a driver of the host has. */
function rank({ driver }: VfState): number {
  if (driver === undefined) return 0;
  return isVfioDriver(driver) ? 1 : 2;
}
