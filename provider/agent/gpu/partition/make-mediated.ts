// Makes the mediated device of a record: of its card, or of a VF of it, which tells its types only once it is there.

import type { PartitionRecord } from "../../../model/gpu/partition-record";
import { refusalError } from "../../../model/gpu/refusal/gpu-trouble";
import type { AgentContext } from "../../agent-context";
import type { GpuHost } from "../gpu-host";
import { readMdevParent } from "../inventory/read-parts";
import { functionPath, mdevTypesPath } from "../sysfs/gpu-paths";
import { chooseType } from "../vendors/vendor-type";
import { mdevUuidOf } from "./mdev-uuid";
import { makeMdev } from "./mediated-device";
import { findVf } from "./take-vf";

/** Makes it and gives the record as it is by now. Errors: those of VFs, types and mediated devices. */
export async function makeMediated(host: GpuHost, record: PartitionRecord): Promise<PartitionRecord> {
  const placed = record.place.vf === undefined ? record : await placeOnVf(host, record);
  await makeMdev(host.ctx, placed.place);
  return placed;
}

/** True for a VF that makes mediated devices and is given no types itself. */
export async function isMediatedParent(ctx: AgentContext, vf: string): Promise<boolean> {
  if (await ctx.system.exists(functionPath(vf, "nvidia/creatable_vgpu_types"))) return false;
  return ctx.system.exists(mdevTypesPath(vf));
}

/** The VF stays with its driver and with the guest's neighbours: no function of it is taken. */
async function placeOnVf(host: GpuHost, record: PartitionRecord): Promise<PartitionRecord> {
  const { record: found, vf } = await findVf(host, record);
  const { place } = found;
  if (place.mode === "mdev" && place.mdevParent === vf && place.profile !== undefined) return found;
  const { types } = await readMdevParent(host.ctx, vf);
  if (types.length === 0)
    throw refusalError(vf, [{ trouble: "mode-not-offered", message: `${vf} makes no mediated devices` }]);
  const profile = place.profile ?? chooseType(vf, found, { offered: types, known: [] });
  const made = { ...place, mode: "mdev", mdevParent: vf, mdevUuid: mdevUuidOf(record.partitionId), profile } as const;
  return host.records.save({ ...found, functions: [], place: made });
}
