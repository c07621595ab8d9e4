// Who owns what of a host's GPUs: a function, an mdev or a device's VF belongs to one record that is not `released`.
// A holder is never taken over; a second claim is told who has it.

import type { PartitionHolder, PartitionRecord } from "./partition-record";
import type { Refusal } from "./refusal/gpu-trouble";

/** Records whose claim stands. */
export function standingClaims(records: readonly PartitionRecord[]): readonly PartitionRecord[] {
  return records.filter(({ phase }) => phase !== "released");
}

/** The claim that holds this function: as one that was taken, or as the whole card. */
export function claimOfFunction(address: string, records: readonly PartitionRecord[]): PartitionRecord | undefined {
  return standingClaims(records).find(
    ({ place, functions }) =>
      functions.some((each) => each.address === address) || (place.mode === "passthrough" && place.device === address),
  );
}

/** The claim on a VF that no function of a record tells: one that is still to be taken, or makes a mediated device. */
export function claimOfVf(
  { device, index, address }: { readonly device: string; readonly index: number; readonly address: string },
  records: readonly PartitionRecord[],
): PartitionRecord | undefined {
  return standingClaims(records).find(
    ({ place }) => place.mdevParent === address || (place.device === device && place.vf === index),
  );
}

/** Claims that are parts of this card (VFs and mdevs), in the order of their VFs. */
export function partsOfDevice(device: string, records: readonly PartitionRecord[]): readonly PartitionRecord[] {
  return standingClaims(records)
    .filter(({ place }) => place.device === device && place.mode !== "passthrough")
    .sort((left, right) => (left.place.vf ?? 0) - (right.place.vf ?? 0));
}

/** `GpuPartition "g" of acme/shop/prod`, and the VM that holds it. */
export function nameClaim({ owner, spec, holder }: PartitionRecord): string {
  return `GpuPartition "${spec.name}" of ${owner}${holder === undefined ? "" : ` (held by VM ${holder.id})`}`;
}

/** The refusals to take these functions whole for `partitionId`: other claims on them or on parts of them. */
export function refuseClaimed(
  partitionId: string,
  addresses: readonly string[],
  records: readonly PartitionRecord[],
): readonly Refusal[] {
  const others = records.filter((record) => record.partitionId !== partitionId);
  return addresses.flatMap((address) => {
    const claim = claimOfFunction(address, others);
    const claims = [...(claim === undefined ? [] : [claim]), ...partsOfDevice(address, others)];
    return claims.map((each) => ({
      trouble: "claimed-by-other" as const,
      message: `${address} belongs to ${nameClaim(each)}`,
    }));
  });
}

/**
 * The refusal to give the partition to `holder`; undefined: it may be given, or has been. `isKnown` false: the host knows the VM
 * that has it no more, which is told and offered for clean-up, and never taken.
 */
export function refuseHolder(record: PartitionRecord, holder: PartitionHolder, isKnown = true): Refusal | undefined {
  if (record.holder === undefined || (record.holder.kind === holder.kind && record.holder.id === holder.id))
    return undefined;
  if (!isKnown)
    return { trouble: "holder-gone", message: `${nameClaim(record)} is given to a VM that the host knows no more` };
  return { trouble: "held-by-vm", message: `${nameClaim({ ...record, holder: record.holder })} is given already` };
}
