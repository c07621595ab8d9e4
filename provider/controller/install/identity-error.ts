// The error for a host that is not the one that was known at its address, with the ways on.

import { LeeaError } from "../../model/errors";

/** IDENTITY_CHANGED. `found` is the node that answers; absent where the host has never been a node. */
export function identityError(hostLabel: string, expected: string, found?: string): LeeaError {
  const what =
    found === undefined ? "that host has no identity, so it was installed anew" : `node ${found} answers there`;
  return new LeeaError({
    code: "IDENTITY_CHANGED",
    message: `Unable to use host "${hostLabel}" as node ${expected}: ${what}`,
    hint: `If the host was installed anew, run: leea node adopt ${expected} . If it is gone for good: leea node forget ${expected} . Else mend connection.host.`,
    details: { expected, ...(found === undefined ? {} : { nodeId: found }) },
  });
}
