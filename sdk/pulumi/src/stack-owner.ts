// Who declares a resource, as hosts record it.

import * as pulumi from "@pulumi/pulumi";

/** organization/project/stack of the running program. */
export function stackOwner(): string {
  return `${pulumi.getOrganization()}/${pulumi.getProject()}/${pulumi.getStack()}`;
}
