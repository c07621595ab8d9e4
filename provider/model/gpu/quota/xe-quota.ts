// Quotas as Intel's xe driver has them in sysfs, scheduling since Linux 6.19, memory since 7.0. Source: kernel
// Documentation/ABI/testing/sysfs-driver-intel-xe-sriov.

import type { PartitionQuota, QuotaKnob, SchedulingPriority } from "./partition-quota";

/** The file of each kind in `sriov_admin/vfN/profile`. */
export const xeQuotaFiles: Readonly<Record<QuotaKnob, string>> = {
  vram: "vram_quota",
  executionQuantum: "exec_quantum_ms",
  preemptTimeout: "preempt_timeout_us",
  priority: "sched_priority",
};

/** The folder of a VF's quotas below its PF. `index` is virtfn's, from 0; the driver counts VFs from 1. */
export function xeProfileFolder(index: number): string {
  return `sriov_admin/vf${index + 1}/profile`;
}

/** The value in a file's text, as it would be written; undefined where it is not understood. */
export function parseXeQuota(knob: QuotaKnob, text: string): string | undefined {
  // `[low] normal high`: the one in brackets holds.
  if (knob === "priority") return /\[(low|normal|high)\]/.exec(text)?.[1];
  return /^\d{1,19}$/.exec(text.trim())?.[0];
}

/**
 * Whether the driver did what was asked. It may align a number to what the hardware has: memory upwards, times to a
 * value of its own, but never to none.
 */
export function isXeQuotaMet(knob: QuotaKnob, asked: string, found: string | undefined): boolean {
  if (found === undefined) return false;
  if (knob === "priority") return found === asked;
  if (knob === "vram") return Number(found) >= Number(asked);
  return Number(asked) === 0 ? Number(found) === 0 : Number(found) > 0;
}

/** Values by kind -> the quota that they are. */
export function readXeQuota(values: Readonly<Partial<Record<QuotaKnob, string>>>): PartitionQuota {
  const { vram, executionQuantum, preemptTimeout, priority } = values;
  return {
    ...(vram === undefined ? {} : { vramBytes: Number(vram) }),
    ...(executionQuantum === undefined ? {} : { executionQuantumMs: Number(executionQuantum) }),
    ...(preemptTimeout === undefined ? {} : { preemptTimeoutUs: Number(preemptTimeout) }),
    ...(priority === undefined ? {} : { priority: priority as SchedulingPriority }),
  };
}

/** What `stat -c "%a %n"` said of the files of one VF: the kinds that may be written. */
export function writableXeKnobs(stat: string): readonly QuotaKnob[] {
  const writable = stat.split("\n").flatMap((line) => {
    const [mode = "", path = ""] = line.trim().split(" ");
    return (Number.parseInt(mode, 8) & 0o200) === 0 ? [] : [path.split("/").at(-1) ?? ""];
  });
  const knobs = Object.entries(xeQuotaFiles) as readonly (readonly [QuotaKnob, string])[];
  return knobs.flatMap(([knob, file]) => (writable.includes(file) ? [knob] : []));
}
