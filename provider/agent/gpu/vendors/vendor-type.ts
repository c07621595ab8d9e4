// The type of a VF that stays on its vendor's driver: chosen from what the VF can be given, set, read back, taken away.
// Source: NVIDIA vGPU user guide 17, "Creating a vGPU by using the vendor-specific VFIO framework".

import type { PartitionRecord } from "../../../model/gpu/partition-record";
import {
  type GpuProfile,
  matchProfile,
  type ProfileOffer,
  refuseProfile,
} from "../../../model/gpu/profile/gpu-profile";
import { parseCreatableTypes, parseCurrentType } from "../../../model/gpu/profile/vgpu-types";
import { refusalError } from "../../../model/gpu/refusal/gpu-trouble";
import type { AgentContext } from "../../agent-context";
import { functionPath } from "../sysfs/gpu-paths";
import { orderKernel } from "../sysfs/order-kernel";
import { readLocked } from "../sysfs/write-sysfs";

/** Id of the type that the VF has; undefined for none. */
export async function readVgpuType(ctx: AgentContext, vf: string): Promise<string | undefined> {
  return parseCurrentType((await readLocked(ctx, typeFile(vf))) ?? "");
}

/** What the VF can be given now; empty where it has a type. Error: `mode-not-offered` (its driver gives no types). */
export async function readCreatableTypes(ctx: AgentContext, vf: string): Promise<readonly GpuProfile[]> {
  const list = await readLocked(ctx, functionPath(vf, "nvidia/creatable_vgpu_types"));
  if (list !== undefined) return parseCreatableTypes(list);
  throw refusalError(vf, [{ trouble: "mode-not-offered", message: `${vf} is given no types by its driver` }]);
}

/** The type that the record's profile means on this VF. Errors: `profile-unknown`, `profile-full`, `mig-instance-missing`. */
export function chooseType(
  vf: string,
  { spec, place }: PartitionRecord,
  offer: Omit<ProfileOffer, "nvidiaCard">,
): Pick<GpuProfile, "id" | "name"> {
  const types = place.vendorId === "10de" ? { ...offer, nvidiaCard: place.device } : offer;
  const refusal = refuseProfile(spec.profile ?? "", vf, types);
  const type = matchProfile(offer.offered, spec.profile ?? "");
  if (refusal === undefined && type !== undefined) return { id: type.id, name: type.name };
  throw refusalError(vf, [refusal ?? { trouble: "profile-unknown", message: `${vf} has no such type` }]);
}

/** Gives the VF the type and reads it back. Errors: `vf-has-type`, `profile-full`, those of orderKernel. */
export async function setVgpuType(ctx: AgentContext, vf: string, typeId: string): Promise<void> {
  const now = await readVgpuType(ctx, vf);
  if (now === typeId) return;
  if (now === undefined)
    await orderKernel(ctx, { act: "set-vgpu-type", device: vf, write: { path: typeFile(vf), text: typeId } });
  const made = await readVgpuType(ctx, vf);
  if (made === typeId) return;
  const message = `${vf} has ${made === undefined ? "no type" : `type ${made}`}, not ${typeId}`;
  throw refusalError(vf, [{ trouble: "vf-has-type", message }]);
}

/** Takes the type away, where it is the one that leea set. */
export async function clearVgpuType(ctx: AgentContext, vf: string, typeId: string): Promise<void> {
  if ((await readVgpuType(ctx, vf)) !== typeId) return;
  await orderKernel(ctx, { act: "clear-vgpu-type", device: vf, write: { path: typeFile(vf), text: "0" } });
}

function typeFile(vf: string): string {
  return functionPath(vf, "nvidia/current_vgpu_type");
}
