// A partition's share of its card, where the card's driver has such: memory, and turns on the engines. Words and numbers here,
// files of one driver in xe-quota.ts. It never rounds: what a driver made of a number is read back and told.

import type { Refusal } from "../refusal/gpu-trouble";

/** The kinds of quota, by their names in a declaration. */
export const quotaKnobs = ["vram", "executionQuantum", "preemptTimeout", "priority"] as const;

/** One kind of quota. */
export type QuotaKnob = (typeof quotaKnobs)[number];

/** Turns on the engines for a function that has work: `normal` keeps its turn also where it has none. */
export type SchedulingPriority = "low" | "normal" | "high";

/** What is asked for; absent: as the driver has it. */
export interface PartitionQuota {
  /**
   * @asType integer
   * @minimum 1
   */
  readonly vramBytes?: number;
  /**
   * How long it may keep the engines.
   * @asType integer
   * @minimum 1
   * @maximum 4294967295
   */
  readonly executionQuantumMs?: number;
  /**
   * How long it may take to let go of them.
   * @asType integer
   * @minimum 1
   * @maximum 4294967295
   */
  readonly preemptTimeoutUs?: number;
  readonly priority?: SchedulingPriority;
}

/** What a card's driver lets be set for each of its VFs. `vfVramBytes`: memory of the VFs that are there, by index. */
export interface QuotaOffer {
  readonly knobs: readonly QuotaKnob[];
  readonly vfVramBytes: readonly (number | undefined)[];
}

/** The value of one kind as the kernel takes it; undefined: none is asked for. */
export function quotaText(quota: PartitionQuota | undefined, knob: QuotaKnob): string | undefined {
  const value = valueOf(quota ?? {}, knob);
  return value === undefined ? undefined : String(value);
}

function valueOf(quota: PartitionQuota, knob: QuotaKnob): number | string | undefined {
  switch (knob) {
    case "vram":
      return quota.vramBytes;
    case "executionQuantum":
      return quota.executionQuantumMs;
    case "preemptTimeout":
      return quota.preemptTimeoutUs;
    case "priority":
      return quota.priority;
  }
}

/** The kinds that are asked for. */
export function askedKnobs(quota: PartitionQuota | undefined): readonly QuotaKnob[] {
  return quotaKnobs.filter((knob) => quotaText(quota, knob) !== undefined);
}

/** The refusals of kinds that the driver has not. `device` with its name. */
export function refuseQuota(
  quota: PartitionQuota | undefined,
  device: string,
  offer: QuotaOffer | undefined,
): readonly Refusal[] {
  const missing = askedKnobs(quota).filter((knob) => offer?.knobs.includes(knob) !== true);
  if (missing.length === 0) return [];
  const has = offer === undefined || offer.knobs.length === 0 ? "" : `; it takes ${offer.knobs.join(", ")}`;
  const message = `the driver of ${device} takes no ${missing.join(", ")} for a VF${has}`;
  return [{ trouble: "quota-not-offered", message }];
}

/**
 * VFs that would come without memory, by index: once one VF was given its memory by hand, the driver gives the others none
 * (kernel: sysfs-driver-intel-xe-sriov, vram_quota).
 */
export function vfsWithoutMemory(
  quota: PartitionQuota | undefined,
  offer: QuotaOffer | undefined,
): Readonly<Record<number, string>> {
  if (offer === undefined || quota?.vramBytes !== undefined) return {};
  const empty = offer.vfVramBytes.flatMap((bytes, index) =>
    bytes === 0 ? [[index, "has no memory of the card until `quota.vram` gives it some"] as const] : [],
  );
  return Object.fromEntries(empty);
}

/** Where two quotas differ in memory: a guest's driver reads the size once, so that it is the partition's make. */
export function isOtherMemory(before: PartitionQuota | undefined, after: PartitionQuota | undefined): boolean {
  return before?.vramBytes !== after?.vramBytes;
}
