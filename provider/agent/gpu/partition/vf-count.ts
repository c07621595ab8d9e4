// How many VFs a card has: set from zero for the first partition, back to what it was after the last. Host drivers are kept
// from new VFs, or they would take them before vfio-pci can.

import type { ParentBefore, PartitionPlace } from "../../../model/gpu/partition-record";
import type { PciFunction } from "../../../model/gpu/pci/pci-function";
import { isVendorServed, refuseLoadTimeVfs } from "../../../model/gpu/plan/device-offer";
import { refusalError } from "../../../model/gpu/refusal/gpu-trouble";
import type { AgentContext } from "../../agent-context";
import { readVirtualFunctions } from "../inventory/read-functions";
import { functionPath } from "../sysfs/gpu-paths";
import { orderKernel } from "../sysfs/order-kernel";
import { readAttribute } from "../sysfs/read-attribute";
import { hasSriovManage, manageVfs } from "../vendors/nvidia-sriov";
import { demandFunction, isSameDevice } from "./bind-function";

/** Refuses to make VFs where the driver makes them itself, when it is loaded. Error: `driver-without-sriov`. */
export function refuseFixedVfs(card: PciFunction): void {
  const refusal = refuseLoadTimeVfs(card);
  if (refusal !== undefined) throw refusalError(card.address, [refusal]);
}

/** How the card stands, for the record. */
export async function readParentBefore(
  ctx: AgentContext,
  { address, virtualFunctions }: PciFunction,
): Promise<ParentBefore> {
  const autoprobe = (await readAttribute(ctx, functionPath(address, "sriov_drivers_autoprobe"))) ?? "1";
  return { vfCount: virtualFunctions.length, autoprobe };
}

/** Addresses of the card's VFs, made where there are none. Errors: `device-changed`, `vf-count-fixed`, those of orderKernel. */
export async function ensureVfs(ctx: AgentContext, place: PartitionPlace): Promise<readonly string[]> {
  const card = await demandCard(ctx, place);
  const count = place.vfCount ?? 0;
  if (card.virtualFunctions.length === 0) {
    refuseFixedVfs(card);
    // A vendor's driver has to take its VFs; any other driver must not.
    await setAutoprobe(ctx, card.address, isVendorServed(card) ? "1" : "0");
    await setCount(ctx, card, count);
  }
  const vfs = await readVirtualFunctions(ctx, card.address);
  if (vfs.length === 0)
    throw refusalError(card.address, [
      { trouble: "vf-count-refused", message: `${card.address} has no VFs although its driver was told to make them` },
    ]);
  // A vendor's tool makes as many as the card has; any other number than was chosen would give a VF to the wrong claim.
  if (vfs.length === count || (isVendorServed(card) && vfs.length > (place.vf ?? 0))) return vfs;
  throw refusalError(card.address, [
    { trouble: "vf-count-fixed", message: `${card.address} is split into ${vfs.length}, not ${count} VFs` },
  ]);
}

/** Puts number and autoprobe back as they were, by what the record kept. A card that is gone or another is left alone. */
export async function restoreVfCount(ctx: AgentContext, place: PartitionPlace, before: ParentBefore): Promise<void> {
  const card = await findCard(ctx, place);
  if (card === undefined) return;
  if (card.virtualFunctions.length > 0 && before.vfCount === 0) await setCount(ctx, card, 0);
  await setAutoprobe(ctx, card.address, before.autoprobe);
}

/** The recorded card. Errors: `device-absent`; `device-changed`: another card sits at its address. */
export async function demandCard(ctx: AgentContext, place: PartitionPlace): Promise<PciFunction> {
  const card = await demandFunction(ctx, place.device);
  if (isSameDevice(card, place)) return card;
  const found = `${card.vendorId}:${card.deviceId}`;
  throw refusalError(place.device, [
    {
      trouble: "device-changed",
      message: `${found} sits at ${place.device}, where ${place.vendorId}:${place.deviceId} was`,
    },
  ]);
}

async function findCard(ctx: AgentContext, place: PartitionPlace): Promise<PciFunction | undefined> {
  if (!(await ctx.system.exists(functionPath(place.device)))) return undefined;
  const card = await demandFunction(ctx, place.device);
  return isSameDevice(card, place) ? card : undefined;
}

async function setCount(ctx: AgentContext, card: PciFunction, count: number): Promise<void> {
  if (isVendorServed(card) && (await hasSriovManage(ctx)))
    return manageVfs(ctx, card.address, count === 0 ? "-d" : "-e");
  const write = { path: functionPath(card.address, "sriov_numvfs"), text: String(count) };
  await orderKernel(ctx, { act: "set-vf-count", device: card.address, write });
}

async function setAutoprobe(ctx: AgentContext, address: string, value: string): Promise<void> {
  const path = functionPath(address, "sriov_drivers_autoprobe");
  if ((await readAttribute(ctx, path)) === value) return;
  await orderKernel(ctx, { act: "set-autoprobe", device: address, write: { path, text: value } });
}
