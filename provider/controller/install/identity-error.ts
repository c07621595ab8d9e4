// The error for a host that is not the one that was known at its address, with the ways on.

import { LeeaError } from "../../model/errors";

/** How a node that will not come back is taken out of the declared state, so that the next run makes it anew. */
export function forgetStep(nodeId: string): string {
  return `take ${nodeId} and its VMs out of the state (\`pulumi stack --show-ids --show-urns\` names them, \`pulumi state delete URN\` drops one), then run \`pulumi up\`.`;
}

/** IDENTITY_CHANGED. `found` is the node that answers; absent where the host has never been a node. */
export function identityError(hostLabel: string, expected: string, found?: string): LeeaError {
  const what =
    found === undefined ? "that host has no identity, so it was installed anew" : `node ${found} answers there`;
  return new LeeaError({
    code: "IDENTITY_CHANGED",
    message: `Unable to use host "${hostLabel}" as node ${expected}: ${what}`,
    hint: `If another machine is meant, mend connection.host. If this one was installed anew, or the old one is gone for good: ${forgetStep(expected)}`,
    details: { expected, ...(found === undefined ? {} : { nodeId: found }) },
  });
}
