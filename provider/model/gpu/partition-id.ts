// The id of a GPU partition, from who declares it, and the uuid of its mediated device, from the id: a repeated create finds
// what the first one made. Computed once, when it is created; afterwards it is state.

import { encodeBase32 } from "../base32";
import type { Sha256 } from "../inputs/vm-id";

/** Characters of an id: 130 bits, as a VM's. */
const idLength = 26;

/** The id of the partition that `owner` (organization/project/stack) declares under `logicalName`. */
export function derivePartitionId(owner: string, logicalName: string, sha256: Sha256): string {
  return encodeBase32(sha256(JSON.stringify(["leea", "GpuPartition", owner, logicalName]))).slice(0, idLength);
}

/** The mediated device's uuid: RFC 9562 version 8 (made of a digest), lower case. */
export function deriveMdevUuid(partitionId: string, sha256: Sha256): string {
  const bytes = sha256(JSON.stringify(["leea", "mdev", partitionId])).slice(0, 16);
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x80;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  const text = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return [text.slice(0, 8), text.slice(8, 12), text.slice(12, 16), text.slice(16, 20), text.slice(20)].join("-");
}
