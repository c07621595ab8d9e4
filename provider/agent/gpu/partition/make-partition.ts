// Makes what a claimed record says, whatever of it is there already: after a crash, a boot or a first put alike. It ends
// with a `ready` record, and only after the host was read back.

import { partsOfDevice } from "../../../model/gpu/owner-guard";
import type { FunctionBefore, PartitionRecord } from "../../../model/gpu/partition-record";
import type { ProfileOffer } from "../../../model/gpu/profile/gpu-profile";
import { refusalError } from "../../../model/gpu/refusal/gpu-trouble";
import type { AgentContext } from "../../agent-context";
import type { GpuHost } from "../gpu-host";
import { chooseVfioDriver } from "../modules/choose-vfio-driver";
import { loadDriver } from "../modules/load-module";
import { applyQuota } from "../quota/vf-quota";
import { allowMixedSizes } from "../vendors/nvidia-mixed-sizes";
import { chooseType, readCreatableTypes, setVgpuType } from "../vendors/vendor-type";
import { bindFunction, demandFunction, isSameDevice } from "./bind-function";
import { isMediatedParent, makeMediated } from "./make-mediated";
import { findVf, takeVf } from "./take-vf";
import { demandCard } from "./vf-count";

/** Makes it and gives the `ready` record. Errors: those of refusal/gpu-trouble.ts; the record then stays `claimed`. */
export async function makePartition(host: GpuHost, record: PartitionRecord): Promise<PartitionRecord> {
  await demandCard(host.ctx, record.place);
  const made = await makers[record.place.mode](host, record);
  return host.records.save({ ...made, phase: "ready" });
}

type Maker = (host: GpuHost, record: PartitionRecord) => Promise<PartitionRecord>;

const makers: Readonly<Record<PartitionRecord["place"]["mode"], Maker>> = {
  passthrough: makeWhole,
  sriov: makeVf,
  mdev: makeMediated,
  "vendor-vfio": makeVendorVf,
};

async function makeWhole({ ctx }: GpuHost, record: PartitionRecord): Promise<PartitionRecord> {
  await loadDriver(ctx, "vfio-pci");
  for (const before of record.functions) await demandSame(ctx, before);
  for (const { address } of record.functions) await bindFunction(ctx, address, "vfio-pci");
  return record;
}

async function makeVf(host: GpuHost, record: PartitionRecord): Promise<PartitionRecord> {
  const driver = await chooseVfioDriver(host.ctx, await demandCard(host.ctx, record.place));
  await loadDriver(host.ctx, driver);
  const { record: withVf, vf } = await takeVf(host, record);
  const withQuota = await applyQuota(host, withVf);
  await bindFunction(host.ctx, vf, driver);
  return withQuota;
}

/** The VF stays on its vendor's driver: what is bound to vfio-pci has no memory. */
async function makeVendorVf(host: GpuHost, record: PartitionRecord): Promise<PartitionRecord> {
  const { record: found, vf, vfs } = await findVf(host, record);
  // Only its VFs tell which interface a card has; who declared one gets that one or an error.
  if (found.spec.mode === "auto" && (await isMediatedParent(host.ctx, vf))) return makeMediated(host, found);
  await allowMixedSizes(host, found.place, vfs);
  const { record: taken } = await takeVf(host, found);
  const offered = await readCreatableTypes(host.ctx, vf);
  const profile = taken.place.profile ?? chooseType(vf, taken, { offered, ...typesOnCard(host, taken) });
  const knownTypes = taken.knownTypes ?? offered.map(({ id, name }) => ({ id, name }));
  const typed = await host.records.save({ ...taken, knownTypes, place: { ...taken.place, profile } });
  await setVgpuType(host.ctx, vf, profile.id);
  return typed;
}

/** A card's list shrinks as its VFs are typed: what its earlier partitions saw of it is known, and what they have. */
function typesOnCard(
  { records }: GpuHost,
  { place, knownTypes = [] }: PartitionRecord,
): Pick<ProfileOffer, "known" | "inUse"> {
  const parts = partsOfDevice(place.device, records.all());
  return {
    known: [...knownTypes, ...parts.flatMap((part) => part.knownTypes ?? [])],
    inUse: parts.flatMap((part) => part.place.profile ?? []),
  };
}

/** After a boot another card may sit where the claimed one was. */
async function demandSame(ctx: AgentContext, before: FunctionBefore): Promise<void> {
  const now = await demandFunction(ctx, before.address);
  if (isSameDevice(now, before)) return;
  throw refusalError(before.address, [
    {
      trouble: "device-changed",
      message: `${now.vendorId}:${now.deviceId} sits at ${before.address}, where ${before.vendorId}:${before.deviceId} was`,
    },
  ]);
}
