// Declared inputs -> what the host is asked for: addresses in the kernel's spelling, so that another spelling is no change.

import type { Quantity } from "../../../../schema/field";
import type { GpuPartitionInputs } from "../../../../schema/generated/declared";
import { formatQuantity, parseQuantity } from "../../inputs/parse-quantity";
import type { PartitionSpec } from "../partition-record";
import { parsePciAddress } from "../pci/pci-address";
import { askedKnobs, type PartitionQuota } from "../quota/partition-quota";

type PartitionInputs = Pick<GpuPartitionInputs, "name" | "device" | "mode" | "profile" | "vfs" | "quota">;

/** The spec. Inputs were checked: an address is one, and a quantity has its unit. */
export function partitionSpecOf({ name, device, mode, profile, vfs, quota }: PartitionInputs): PartitionSpec {
  const { address, vendor, model, label } = device;
  return {
    name,
    mode,
    ...(address === undefined ? {} : { address: parsePciAddress(address)?.text ?? address }),
    ...(vendor === undefined ? {} : { vendor }),
    ...(model === undefined ? {} : { model }),
    ...(label === undefined ? {} : { label }),
    ...(profile === undefined ? {} : { profile }),
    ...(vfs === undefined ? {} : { vfs }),
    ...quotaOf(quota ?? {}),
  };
}

/** An empty quota says nothing. */
function quotaOf({
  vram,
  executionQuantum,
  preemptTimeout,
  priority,
}: NonNullable<PartitionInputs["quota"]>): Pick<PartitionSpec, "quota"> {
  const quota: PartitionQuota = {
    ...(vram === undefined ? {} : { vramBytes: valueOf(vram, "bytes") }),
    ...(executionQuantum === undefined ? {} : { executionQuantumMs: valueOf(executionQuantum, "duration") }),
    ...(preemptTimeout === undefined ? {} : { preemptTimeoutUs: valueOf(preemptTimeout, "duration") * 1000 }),
    ...(priority === undefined ? {} : { priority }),
  };
  return askedKnobs(quota).length === 0 ? {} : { quota };
}

/** Declared quantities of a quota, as a host that keeps this one would have been asked. */
export function quotaInputs(quota: PartitionQuota): NonNullable<PartitionInputs["quota"]> {
  const { vramBytes, executionQuantumMs, preemptTimeoutUs, priority } = quota;
  return {
    ...(vramBytes === undefined ? {} : { vram: formatQuantity(vramBytes, "bytes") }),
    ...(executionQuantumMs === undefined ? {} : { executionQuantum: formatQuantity(executionQuantumMs, "duration") }),
    ...(preemptTimeoutUs === undefined ? {} : { preemptTimeout: formatQuantity(preemptTimeoutUs / 1000, "duration") }),
    ...(priority === undefined ? {} : { priority }),
  };
}

/** Checked before: a text that cannot be read is a defect. */
function valueOf(text: string, quantity: Quantity): number {
  const parsed = parseQuantity(text, quantity);
  if (!parsed.ok) throw new RangeError(parsed.message);
  return parsed.value;
}
