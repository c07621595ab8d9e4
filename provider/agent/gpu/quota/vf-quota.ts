// Gives a VF its share of the card and puts back what was there before. What was there is synced before it is changed; what the
// driver made of a number is read back, and kept, so that the same wish twice is one write.

import { isLeeaError } from "../../../model/errors";
import type { PartitionRecord } from "../../../model/gpu/partition-record";
import { type QuotaKnob, quotaKnobs, quotaText } from "../../../model/gpu/quota/partition-quota";
import { isXeQuotaMet } from "../../../model/gpu/quota/xe-quota";
import { refusalError } from "../../../model/gpu/refusal/gpu-trouble";
import type { AgentContext } from "../../agent-context";
import type { GpuHost } from "../gpu-host";
import { readVirtualFunctions } from "../inventory/read-functions";
import { blockedBy, orderKernel } from "../sysfs/order-kernel";
import { quotaPath, readKnob, type VfPlace } from "./quota-files";

/**
 * Its memory, while there are no VFs yet: what is given before is kept, and keeps the driver from dealing out all memory in
 * equal parts. Errors: `quota-not-offered`, `quota-refused`.
 */
export async function setMemoryFirst(host: GpuHost, record: PartitionRecord): Promise<PartitionRecord> {
  return quotaText(record.spec.quota, "vram") === undefined ? record : setQuota(host, record, "vram");
}

/** All of it, also while a guest runs on the VF; a kind that is asked for no more goes back. Errors as above. */
export async function applyQuota(host: GpuHost, record: PartitionRecord): Promise<PartitionRecord> {
  let current = record;
  for (const knob of quotaKnobs) current = await setQuota(host, current, knob);
  return current;
}

/** What leea set goes back. A driver that says no keeps no partition: memory may have come to another one meanwhile. */
export async function restoreQuota({ ctx }: GpuHost, { place, quotaBefore = {} }: PartitionRecord): Promise<void> {
  const isSplit = (await readVirtualFunctions(ctx, place.device)).length > 0;
  for (const knob of quotaKnobs) {
    const before = quotaBefore[knob];
    const now = before === undefined ? undefined : await readKnob(ctx, placeOf(place), knob);
    if (before === undefined || now === undefined || now === before) continue;
    // With the VFs their shares have gone; what is there is memory that was given for VFs that never came.
    if (!isSplit && (knob !== "vram" || now === "0")) continue;
    try {
      await writeKnob(ctx, placeOf(place), knob, before);
    } catch (error) {
      if (!isLeeaError(error) || blockedBy(error) !== undefined) throw error;
      ctx.log.write("warn", "gpu-quota-kept", { device: place.device, knob, now, error: error.message });
    }
  }
}

async function setQuota(host: GpuHost, record: PartitionRecord, knob: QuotaKnob): Promise<PartitionRecord> {
  const vf = placeOf(record.place);
  const asked = quotaText(record.spec.quota, knob);
  const wanted = asked ?? record.quotaBefore?.[knob];
  if (wanted === undefined) return record;
  const now = await demandKnob(host.ctx, vf, knob);
  const noted = await noteBefore(host, record, knob, now);
  const last = noted.quotaSet?.[knob];
  if (now === wanted || (last?.asked === wanted && last.found === now)) return noted;
  await writeKnob(host.ctx, vf, knob, wanted);
  const found = await demandKnob(host.ctx, vf, knob);
  if (!isXeQuotaMet(knob, wanted, found))
    throw refusalError(vf.device, [
      { trouble: "quota-refused", message: `${knob} of VF ${vf.index} is ${found}, not ${wanted}` },
    ]);
  return host.records.save({ ...noted, quotaSet: { ...noted.quotaSet, [knob]: { asked: wanted, found } } });
}

async function noteBefore(
  host: GpuHost,
  record: PartitionRecord,
  knob: QuotaKnob,
  now: string,
): Promise<PartitionRecord> {
  if (record.quotaBefore?.[knob] !== undefined) return record;
  return host.records.save({ ...record, quotaBefore: { ...record.quotaBefore, [knob]: now } });
}

async function demandKnob(ctx: AgentContext, vf: VfPlace, knob: QuotaKnob): Promise<string> {
  const found = await readKnob(ctx, vf, knob);
  if (found !== undefined) return found;
  const message = `the driver of ${vf.device} does not tell ${knob} of VF ${vf.index}`;
  throw refusalError(vf.device, [{ trouble: "quota-not-offered", message }]);
}

function writeKnob(ctx: AgentContext, vf: VfPlace, knob: QuotaKnob, text: string): Promise<void> {
  return orderKernel(ctx, { act: "set-quota", device: vf.device, write: { path: quotaPath(vf, knob), text } });
}

function placeOf({ device, vf = 0 }: PartitionRecord["place"]): VfPlace {
  return { device, index: vf };
}
