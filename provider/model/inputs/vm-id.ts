// The id of a VM: from who declares it, so that a lost state or a second run finds the same VM. Computed once, when it
// is created; afterwards it is state. The hash is the caller's, because this zone has none.

import { encodeBase32 } from "../base32";

/** Gives the SHA-256 of a text's UTF-8 bytes: 32 bytes. */
export type Sha256 = (text: string) => Uint8Array;

/** Characters of an id: 130 bits, so that two never meet by chance. */
const idLength = 26;

/** The id of the VM that `owner` (organization/project/stack) declares under `logicalName`. */
export function deriveVmId(owner: string, logicalName: string, sha256: Sha256): string {
  // JSON keeps the parts apart: no owner and name can be cut differently and give the same text.
  return encodeBase32(sha256(JSON.stringify(["leea", "VM", owner, logicalName]))).slice(0, idLength);
}
