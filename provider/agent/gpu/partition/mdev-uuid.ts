// The uuid that a partition's mediated device has on any host: the rule is the model's, the hash this zone's.

import { createHash } from "node:crypto";
import { deriveMdevUuid } from "../../../model/gpu/partition-id";

/** The uuid. */
export function mdevUuidOf(partitionId: string): string {
  return deriveMdevUuid(partitionId, (text) => new Uint8Array(createHash("sha256").update(text).digest()));
}
