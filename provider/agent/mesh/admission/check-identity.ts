// Whether an identity that someone handed over holds together. It tells nothing of who handed it over.

import { LeeaError } from "../../../model/errors";
import { nodeIdFits } from "../../../model/mesh/voucher";
import type { NodeIdentity } from "../../../protocol/node";
import { fingerprintOf } from "../identity";

/** Throws where an identity's parts do not fit each other. Errors: INPUT_INVALID. */
export function checkIdentity(identity: NodeIdentity): void {
  const fingerprint = fingerprintOf(Buffer.from(identity.publicKey, "base64"));
  if (fingerprint === identity.fingerprint && nodeIdFits(identity.nodeId, fingerprint)) return;
  throw new LeeaError({
    code: "INPUT_INVALID",
    message: `The identity "${identity.nodeId}" does not fit its key`,
    hint: "Run `pulumi refresh`; if it stays so, another machine answers at the node's address.",
  });
}
