// One order to the kernel that either is done or is an error with its reason. Whether it had the wanted effect is for the
// caller to read back: several files take a write and do nothing.

import { LeeaError } from "../../../model/errors";
import type { BlockedWrite } from "../../../model/gpu/partition-record";
import { gpuTroubles, type Refusal, refusalError } from "../../../model/gpu/refusal/gpu-trouble";
import { explainBlocked, explainWrite, type GpuAct, type WriteState } from "../../../model/gpu/refusal/kernel-refusal";
import type { AgentContext } from "../../agent-context";
import { readFunction } from "../inventory/read-functions";
import { functionPath } from "./gpu-paths";
import { type SysfsWrite, writeSysfs } from "./write-sysfs";

/** What to do to which device: a text into a file. `device` is a PCI address, or an mdev's uuid. */
export interface KernelOrder {
  readonly act: GpuAct;
  readonly device: string;
  readonly write: { readonly path: string; readonly text: string };
}

/** Gives the order. Errors: those of refusal/gpu-trouble.ts; `write-blocked` carries the waiting process as `details.blocked`. */
export async function orderKernel(ctx: AgentContext, { act, device, write }: KernelOrder): Promise<void> {
  const result = await writeSysfs(ctx, write.path, write.text);
  if (result.ended === "done") return;
  if (result.ended === "blocked") throw blockedError(explainBlocked(act, device), result);
  throw refusalError(device, [explainWrite(act, result.errno, await stateOf(ctx, device))]);
}

/** The process that an error of `orderKernel` left waiting in the kernel; undefined for any other error. */
export function blockedBy(error: unknown): BlockedWrite | undefined {
  return error instanceof LeeaError ? (error.details?.["blocked"] as BlockedWrite | undefined) : undefined;
}

/** The error of a write that still waits in the kernel, with its process. */
export function blockedError(
  { trouble, message }: Refusal,
  { writer }: Extract<SysfsWrite, { ended: "blocked" }>,
): LeeaError {
  const blocked: BlockedWrite | undefined = writer === undefined ? undefined : { ...writer, what: message };
  return new LeeaError({
    ...gpuTroubles[trouble],
    message,
    details: { trouble, ...(blocked === undefined ? {} : { blocked }) },
  });
}

async function stateOf(ctx: AgentContext, device: string): Promise<WriteState> {
  const found = await readFunction(ctx, device);
  return {
    device,
    hasIommuGroup: found?.iommuGroup !== undefined,
    isVendorServed: await ctx.system.exists(functionPath(device, "nvidia")),
    ...(found?.driver === undefined ? {} : { driver: found.driver }),
  };
}
