// What a host keeps of a GPU partition, synced before each act that it announces (decision 016). It holds what was on
// the host before, so that whoever reads it can put everything back, and no secret.
//
//   (none) ── put: chosen ──> claimed ── made, bound, read back ──> ready ── delete ──> releasing ── restored ──> released
//                                └──────────────────── delete ─────────────────────────────┘

import type { PartitionQuota, QuotaKnob } from "./quota/partition-quota";

/** The kernel interface that makes the device for the guest. */
export type GpuMode = "passthrough" | "sriov" | "mdev" | "vendor-vfio";

/** How far a partition is. Whether a `ready` one is really there is looked up, never remembered. */
export type PartitionPhase = "claimed" | "ready" | "releasing" | "released";

/** Who a partition is given to. Another kind of holder (a lease with an end) is another `kind`. */
export interface PartitionHolder {
  readonly kind: "vm";
  /** The VM's id. */
  readonly id: string;
}

/**
 * Words of a selector or a type.
 * @pattern ^[\x20-\x7e]{1,120}$
 */
export type ShortText = string;

/** What was asked for, with defaults filled in. `address`, or one of the three selectors, is there. */
export interface PartitionSpec {
  /** @pattern ^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$ */
  readonly name: string;
  /**
   * As sysfs has it: 0000:01:00.0.
   * @pattern ^[0-9a-f]{4,8}:[0-9a-f]{2}:[01][0-9a-f][.][0-7]$
   */
  readonly address?: string;
  readonly vendor?: ShortText;
  readonly model?: ShortText;
  readonly label?: ShortText;
  readonly mode: GpuMode | "auto";
  readonly profile?: ShortText;
  /**
   * Number of VFs that the device is to be split into; absent: as many as it has.
   * @asType integer
   * @minimum 1
   * @maximum 256
   */
  readonly vfs?: number;
  readonly quota?: PartitionQuota;
}

/** How one function stood before it was taken. */
export interface FunctionBefore {
  readonly address: string;
  readonly vendorId: string;
  readonly deviceId: string;
  /** Absent: it had none. */
  readonly driver?: string;
  /** Text of `driver_override`; absent: none was set. */
  readonly driverOverride?: string;
}

/** How the device that VFs are made of stood before the first of them was made. */
export interface ParentBefore {
  readonly vfCount: number;
  readonly autoprobe: string;
}

/** A sysfs write that did not come back: the process that waits in the kernel. */
export interface BlockedWrite {
  readonly pid: number;
  readonly startTicks: number;
  readonly what: string;
}

/** What was chosen for the partition, once. */
export interface PartitionPlace {
  readonly mode: GpuMode;
  /** The card: the function that was selected; for a VF its PF. With its ids: another card at this address is not touched. */
  readonly device: string;
  readonly vendorId: string;
  readonly deviceId: string;
  /** Number of the VF (`virtfnN`); absent where there is none. */
  readonly vf?: number;
  /** How many VFs the card has with it: what is made again after a boot. */
  readonly vfCount?: number;
  /** Where `mdev_supported_types` is: the device or one of its VFs. */
  readonly mdevParent?: string;
  readonly mdevUuid?: string;
  /** Id and name of the chosen type; absent also while a vendor's list can only be read once the VFs are there. */
  readonly profile?: { readonly id: string; readonly name: string };
}

/** The record of one partition on one host. */
export interface PartitionRecord {
  readonly partitionId: string;
  /** Declared by: organization/project/stack. */
  readonly owner: string;
  readonly logicalName: string;
  /** Counts creations and adoptions, from 1. A delete that names an older one touches nothing. */
  readonly incarnation: number;
  readonly phase: PartitionPhase;
  readonly spec: PartitionSpec;
  readonly place: PartitionPlace;
  /** Functions that are taken from the host's drivers, in the order of their addresses. Empty for an mdev. */
  readonly functions: readonly FunctionBefore[];
  /** Present where leea set the number of VFs. */
  readonly parentBefore?: ParentBefore;
  /** What the VF's quotas were before leea set them, as the kernel writes them; only those that it set. */
  readonly quotaBefore?: Readonly<Partial<Record<QuotaKnob, string>>>;
  /** What was written last, and what the driver made of it. */
  readonly quotaSet?: Readonly<Partial<Record<QuotaKnob, { readonly asked: string; readonly found: string }>>>;
  /** Types that the VF could be given before it was given one: the card's list shrinks as its VFs are typed. */
  readonly knownTypes?: readonly { readonly id: string; readonly name: string }[];
  readonly holder?: PartitionHolder;
  readonly blocked?: BlockedWrite;
  /** The operation that last changed the record. */
  readonly operationId: string;
}
