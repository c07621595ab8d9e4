// What NVIDIA's programs say and are told, as text: which GPU instance a type asks for, whether sizes may mix on a card, and
// whether sriov-manage failed for a moment only. Source: NVIDIA vGPU user guide 17 and 18.

import type { Refusal } from "../refusal/gpu-trouble";

/** `NVIDIA A100-1-5C`: MIG slices, then gigabytes. The first number is missing in types that share the whole card by time. */
const migName = /-(\d)-(\d+)([ABCQ])(ME)?(?:NLS|GFX)?$/;

/** The order that makes the GPU instance for a type of this name; undefined for a type that needs none. */
export function migOrder(typeName: string, card: string): string | undefined {
  const [, slices, gigabytes, series, media] = migName.exec(typeName.trim()) ?? [];
  if (slices === undefined) return undefined;
  // Only a type for compute has its instance's whole memory, so that the name says which one.
  const instance = series === "C" ? `${slices}g.${gigabytes}gb${media === undefined ? "" : "+me"}` : `PROFILE`;
  const list = series === "C" ? "" : ` (nvidia-smi mig -i ${card} -lgip lists the profiles)`;
  return `nvidia-smi mig -i ${card} -cgi ${instance} -C${list}`;
}

/**
 * The refusal of a MIG-backed type that is not offered. leea makes no GPU instances: MIG mode resets the card, and an instance
 * belongs to nobody by itself, so that none could be taken back.
 */
export function refuseMigType(typeName: string, card: string): Refusal | undefined {
  const order = migOrder(typeName, card);
  if (order === undefined) return undefined;
  const message = `${card} has no free GPU instance for ${typeName}, or no such type; on the host: ${order}`;
  return { trouble: "mig-instance-missing", message };
}

/** What the operator does so that sizes mix on a card; sriov-manage and a boot undo it. */
export function mixedSizesOrder(card: string): string {
  return `before the first type, with the VFs made by hand: /usr/lib/nvidia/sriov-manage -e ${card} && nvidia-smi vgpu -shm 1 -i ${card}`;
}

/** Whether sizes may mix, by `nvidia-smi -q -i CARD`; undefined where it does not tell (an older driver, MIG). */
export function readMixedSizes(query: string): boolean | undefined {
  const word = /^\s*vGPU Heterogeneous Mode\s*:\s*(\w+)\s*$/m.exec(query)?.[1];
  if (word === "Enabled") return true;
  return word === "Disabled" ? false : undefined;
}

/** True where sriov-manage failed because a program has the card open just now: it is worth another try. */
export function isUnbindLockHeld(words: string): boolean {
  return /cannot obtain unbindLock/i.test(words);
}
