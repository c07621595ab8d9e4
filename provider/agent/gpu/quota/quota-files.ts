// The quota files of a card's driver: which there are, and what is in them. They take the driver's lock, so they are read by
// a child with a bound. Nothing is written here.

import type { PciFunction } from "../../../model/gpu/pci/pci-function";
import {
  type PartitionQuota,
  type QuotaKnob,
  type QuotaOffer,
  quotaKnobs,
} from "../../../model/gpu/quota/partition-quota";
import {
  parseXeQuota,
  readXeQuota,
  writableXeKnobs,
  xeProfileFolder,
  xeQuotaFiles,
} from "../../../model/gpu/quota/xe-quota";
import type { AgentContext } from "../../agent-context";
import { functionPath } from "../sysfs/gpu-paths";
import { readLocked } from "../sysfs/write-sysfs";

/** One VF by its card. `index` is virtfn's. */
export interface VfPlace {
  readonly device: string;
  readonly index: number;
}

/** The quotas that VFs of the card can be given; undefined where its driver has none. */
export async function readQuotaOffer(
  ctx: AgentContext,
  { address, totalVfs, virtualFunctions }: PciFunction,
): Promise<QuotaOffer | undefined> {
  if (totalVfs === 0 || !(await hasQuotas(ctx, address))) return undefined;
  const files = quotaKnobs.map((knob) => quotaPath({ device: address, index: 0 }, knob));
  // 1: a card without memory of its own has no file for it.
  const stat = await ctx.system.run(["stat", "-c", "%a %n", ...files], { acceptExitCodes: [0, 1] });
  const bytes = await Promise.all(
    virtualFunctions.map((_, index) => readKnob(ctx, { device: address, index }, "vram")),
  );
  return {
    knobs: writableXeKnobs(stat.stdout),
    vfVramBytes: bytes.map((text) => (text === undefined ? undefined : Number(text))),
  };
}

/** The VF's share as its driver has it now; undefined where it has no such thing. */
export async function readQuota(ctx: AgentContext, vf: VfPlace): Promise<PartitionQuota | undefined> {
  if (!(await hasQuotas(ctx, vf.device))) return undefined;
  const found = await Promise.all(quotaKnobs.map(async (knob) => [knob, await readKnob(ctx, vf, knob)] as const));
  const values = Object.fromEntries(found.filter(([, text]) => text !== undefined));
  return Object.keys(values).length === 0 ? undefined : readXeQuota(values);
}

/** One value as it would be written; undefined where there is no such file, or no one answer (EUCLEAN: its tiles differ). */
export async function readKnob(ctx: AgentContext, vf: VfPlace, knob: QuotaKnob): Promise<string | undefined> {
  const text = await readLocked(ctx, quotaPath(vf, knob));
  return text === undefined ? undefined : parseXeQuota(knob, text);
}

/** The file of one kind. */
export function quotaPath({ device, index }: VfPlace, knob: QuotaKnob): string {
  return functionPath(device, `${xeProfileFolder(index)}/${xeQuotaFiles[knob]}`);
}

function hasQuotas(ctx: AgentContext, device: string): Promise<boolean> {
  return ctx.system.exists(functionPath(device, xeProfileFolder(0)));
}
