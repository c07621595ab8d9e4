// What cards can be split into: types of mediated devices, and types that a vendor's driver gives to VFs. The vendor's
// files may wait for its driver, so they are read by a child with a bound.

import type { PciFunction } from "../../../model/gpu/pci/pci-function";
import type { DeviceParts, MdevParent, VendorVf } from "../../../model/gpu/plan/host-gpus";
import type { GpuProfile } from "../../../model/gpu/profile/gpu-profile";
import { parseMdevType } from "../../../model/gpu/profile/mdev-type";
import { parseCreatableTypes, parseCurrentType } from "../../../model/gpu/profile/vgpu-types";
import type { AgentContext } from "../../agent-context";
import { readQuotaOffer } from "../quota/quota-files";
import { functionPath, mdevParentsFolder, mdevTypesPath } from "../sysfs/gpu-paths";
import { readAttribute } from "../sysfs/read-attribute";
import { readLocked } from "../sysfs/write-sysfs";

/** The parts of every card that has some, by its address. */
export async function readParts(
  ctx: AgentContext,
  functions: readonly PciFunction[],
): Promise<ReadonlyMap<string, DeviceParts>> {
  const parents = await ctx.system.list(mdevParentsFolder);
  const cards = functions.filter(({ physicalFunction }) => physicalFunction === undefined);
  const parts = new Map<string, DeviceParts>();
  for (const card of cards) {
    const own = [card.address, ...card.virtualFunctions];
    const mdevParents = await Promise.all(
      own.filter((address) => parents.includes(address)).map((parent) => readMdevParent(ctx, parent)),
    );
    const vendorVfs = (await Promise.all(card.virtualFunctions.map((vf) => readVendorVf(ctx, vf)))).flat();
    const quota = await readQuotaOffer(ctx, card);
    if (mdevParents.length + vendorVfs.length > 0 || quota !== undefined)
      parts.set(card.address, { mdevParents, vendorVfs, ...(quota === undefined ? {} : { quota }) });
  }
  return parts;
}

/** A parent of mediated devices with its types; none where it is no parent. */
export async function readMdevParent(ctx: AgentContext, parent: string): Promise<MdevParent> {
  const ids = (await ctx.system.list(mdevTypesPath(parent))).toSorted();
  const types = await Promise.all(ids.map((id) => readMdevType(ctx, parent, id)));
  return { parent, types: types.flatMap((type) => type ?? []) };
}

async function readMdevType(ctx: AgentContext, parent: string, id: string): Promise<GpuProfile | undefined> {
  const text = (file: string): Promise<string | undefined> =>
    readAttribute(ctx, mdevTypesPath(parent, `${id}/${file}`));
  const [name, description, availableInstances, deviceApi] = await Promise.all([
    text("name"),
    text("description"),
    text("available_instances"),
    text("device_api"),
  ]);
  return parseMdevType({
    id,
    ...(name === undefined ? {} : { name }),
    ...(description === undefined ? {} : { description }),
    ...(availableInstances === undefined ? {} : { availableInstances }),
    ...(deviceApi === undefined ? {} : { deviceApi }),
  });
}

/** One VF's types; empty where its driver has no such files. */
async function readVendorVf(ctx: AgentContext, vf: string): Promise<readonly VendorVf[]> {
  if (!(await ctx.system.exists(functionPath(vf, "nvidia/current_vgpu_type")))) return [];
  const currentType = parseCurrentType((await readLocked(ctx, functionPath(vf, "nvidia/current_vgpu_type"))) ?? "");
  const creatable = parseCreatableTypes((await readLocked(ctx, functionPath(vf, "nvidia/creatable_vgpu_types"))) ?? "");
  return [{ vf, creatable, ...(currentType === undefined ? {} : { currentType }) }];
}
