// What a declared partition would be made of: card, mode, VF or type. Pure, so that preview and apply decide alike. The
// first card that can be had is taken, in the order of addresses; if none can, every card's reasons are told.

import { chooseMode, type ModeChoice } from "../choose-mode";
import { judgeGroup } from "../iommu-group";
import type { PartitionPlace, PartitionRecord, PartitionSpec } from "../partition-record";
import type { PciFunction } from "../pci/pci-function";
import { type GpuProfile, matchProfile } from "../profile/gpu-profile";
import { vfsWithoutMemory } from "../quota/partition-quota";
import { isRefusal, type Refusal } from "../refusal/gpu-trouble";
import { type NamedFunction, selectDevices } from "../select-device";
import { allocateVf } from "../vf-allocation";
import { type CardRequest, describeOffer, vfRequest } from "./device-offer";
import { allFunctions, type DeviceParts, type HostGpus } from "./host-gpus";

/** What is asked. `mdevUuid` is the uuid that a mediated device of it would have. */
export interface PartitionRequest {
  readonly partitionId: string;
  readonly mdevUuid: string;
  readonly spec: PartitionSpec;
}

/** What would be done. `because` and `passedOver` are sentences for preview. */
export interface PartitionPlan {
  readonly place: PartitionPlace;
  /** Functions that are taken from the host's drivers now; none for an mdev, and for a VF that is still to be made. */
  readonly takes: readonly PciFunction[];
  /** Number of VFs that are set first; absent: the number stays. */
  readonly setVfCount?: number;
  readonly because: string;
  readonly passedOver: readonly string[];
}

type Records = readonly PartitionRecord[];

/** The plan, or every reason against it. */
export function planPartition(
  request: PartitionRequest,
  host: HostGpus,
  records: Records,
): PartitionPlan | { readonly refusals: readonly Refusal[] } {
  const candidates = selectDevices(request.spec, host.functions);
  if (isRefusal(candidates)) return { refusals: [candidates] };
  // Of whatever mode: what may be in a stranger's hands can be neither taken nor given back.
  const blind = host.missing.filter(({ trouble }) => trouble === "holders-unknown");
  if (blind.length > 0)
    return { refusals: blind.map(({ trouble, what, mend }) => ({ trouble, message: `${what}: ${mend}` })) };
  const refusals: Refusal[] = [];
  for (const candidate of candidates) {
    const plan = planOn(request, candidate, host, records);
    if (!("refusals" in plan)) return plan;
    refusals.push(...plan.refusals);
  }
  return { refusals };
}

function planOn(
  request: PartitionRequest,
  candidate: NamedFunction,
  host: HostGpus,
  records: Records,
): PartitionPlan | { readonly refusals: readonly Refusal[] } {
  const card = cardOf(candidate, host);
  const { spec } = request;
  const asked: CardRequest = {
    partitionId: request.partitionId,
    card,
    ...(spec.vfs === undefined ? {} : { wantedVfs: spec.vfs }),
    ...(card === candidate ? {} : { onlyIndex: card.device.virtualFunctions.indexOf(candidate.device.address) }),
  };
  // A VF that is named by its own address is whole and a part at once.
  const wish = card !== candidate && spec.mode === "passthrough" ? { ...spec, mode: "sriov" as const } : spec;
  const choice = chooseMode(describeOffer(asked, host, records), wish);
  if ("refusals" in choice) return choice;
  const place = placeOn({ request, asked, choice, host, records });
  return isRefusal(place)
    ? { refusals: [place] }
    : { ...place, because: choice.because, passedOver: choice.passedOver };
}

/** The card of a VF is its PF. */
function cardOf(candidate: NamedFunction, host: HostGpus): NamedFunction {
  const { physicalFunction } = candidate.device;
  return host.functions.find(({ device }) => device.address === physicalFunction) ?? candidate;
}

interface Placing {
  readonly request: PartitionRequest;
  readonly asked: CardRequest;
  readonly choice: ModeChoice;
  readonly host: HostGpus;
  readonly records: Records;
}

type Placed = Pick<PartitionPlan, "place" | "takes" | "setVfCount">;

function placeOn(placing: Placing): Placed | Refusal {
  switch (placing.choice.mode) {
    case "passthrough":
      return placeWhole(placing);
    case "sriov":
      return placeVf(placing, vfsWithoutMemory(placing.request.spec.quota, partsOf(placing)?.quota));
    case "mdev":
      return placeMdev(placing);
    case "vendor-vfio":
      return placeVendorVf(placing);
  }
}

function partsOf({ asked, host }: Placing): DeviceParts | undefined {
  return host.parts.get(asked.card.device.address);
}

function basePlace({ asked, choice }: Placing): Pick<PartitionPlace, "mode" | "device" | "vendorId" | "deviceId"> {
  const { address, vendorId, deviceId } = asked.card.device;
  return { mode: choice.mode, device: address, vendorId, deviceId };
}

function placeWhole(placing: Placing): Placed | Refusal {
  const verdict = judgeGroup(placing.asked.card.device, allFunctions(placing.host));
  if ("functions" in verdict) return { place: basePlace(placing), takes: verdict.functions };
  return verdict.refusals[0] ?? { trouble: "no-iommu", message: `${placing.asked.card.device.address} is in no group` };
}

function placeVf(placing: Placing, unfit: Readonly<Record<number, string>> = {}): Placed | Refusal {
  const { asked, host, records } = placing;
  const allocation = allocateVf(vfRequest(asked, host, records, unfit));
  if (isRefusal(allocation)) return allocation;
  const vfCount = allocation.act === "enable" ? allocation.count : asked.card.device.virtualFunctions.length;
  const place = { ...basePlace(placing), vf: allocation.index, vfCount };
  if (allocation.act === "enable") return { place, takes: [], setVfCount: vfCount };
  const address = asked.card.device.virtualFunctions[allocation.index];
  return { place, takes: allFunctions(host).filter((each) => each.address === address) };
}

function placeMdev(placing: Placing): Placed | Refusal {
  const { asked, request } = placing;
  const { address, virtualFunctions } = asked.card.device;
  const wanted = request.spec.profile ?? "";
  const parents = partsOf(placing)?.mdevParents ?? [];
  // Its VFs are still to be made, and then tell their types.
  if (parents.length === 0) return placeVf(placing);
  const only = asked.onlyIndex === undefined ? undefined : virtualFunctions[asked.onlyIndex];
  for (const { parent, types } of parents) {
    const type = matchProfile(types, wanted);
    if (type === undefined || type.available === 0 || (only !== undefined && parent !== only)) continue;
    const vf = virtualFunctions.indexOf(parent);
    const onVf = vf < 0 ? {} : { vf, vfCount: virtualFunctions.length };
    const made = { mdevParent: parent, mdevUuid: request.mdevUuid, profile: bare(type) };
    return { place: { ...basePlace(placing), ...onVf, ...made }, takes: [] };
  }
  return { trouble: "profile-full", message: `${address} has no room for one more ${wanted}` };
}

/** The VF stays on its vendor's driver; one that has a type already is somebody's. */
function placeVendorVf(placing: Placing): Placed | Refusal {
  const { asked, host, request } = placing;
  const { address, virtualFunctions } = asked.card.device;
  const vfs = host.parts.get(address)?.vendorVfs ?? [];
  const wanted = request.spec.profile ?? "";
  const unfit = Object.fromEntries(
    virtualFunctions.flatMap((vf, index) => {
      const found = vfs.find((each) => each.vf === vf); // none at all where the VFs are still to be made
      if (found === undefined) return [[index, "is not served by its vendor's driver"]];
      if (found.currentType !== undefined) return [[index, `has type ${found.currentType}, which leea did not set`]];
      return matchProfile(found.creatable, wanted) === undefined ? [[index, `cannot be given ${wanted}`]] : [];
    }),
  );
  const placed = placeVf(placing, unfit);
  if (isRefusal(placed)) return placed;
  const type = vfs.map(({ creatable }) => matchProfile(creatable, wanted)).find((each) => each !== undefined);
  return { ...placed, place: { ...placed.place, ...(type === undefined ? {} : { profile: bare(type) }) } };
}

function bare({ id, name }: GpuProfile): { readonly id: string; readonly name: string } {
  return { id, name };
}
