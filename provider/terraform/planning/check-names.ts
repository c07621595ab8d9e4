// The name of a resource whose id follows from owner and name: it must be given, because Terraform tells no other, and two new
// resources of one configuration must not have the same, nor a new one that of one that exists. The handler would adopt the
// first one's for the second, or make it twice on two hosts; here a person most likely copied a block, or forgot `each.key`.

import type { ResourceDefinition } from "../../../schema/resource";
import type { Values } from "../../controller/handlers/handler-context";
import type { Problem } from "../../model/errors";
import { asText } from "../../model/inputs/loose-values";

/** The problem of a name that is not given. Terraform itself takes `null` for a required attribute. */
export function findMissingName(definition: ResourceDefinition, config: Values): Problem[] {
  if (config["name"] !== undefined || definition.inputs["logicalName"] === undefined) return [];
  return [{ field: "name", message: "is required: the id follows from it" }];
}

/** The names that one run plans with: for each the id of the resource that was born with it, undefined for a new one. */
export type PlannedNames = Map<string, string | undefined>;

/** A resource with the names of its birth; `id` is undefined for a new one. */
export interface NameClaim {
  readonly owner: string | undefined;
  readonly name: unknown;
  readonly id: string | undefined;
}

/**
 * The problem of a name that another resource of this run has, or had at its birth: both would be the same. One that is
 * planned twice is no other.
 */
export function claimName(
  definition: ResourceDefinition,
  { owner, name, id }: NameClaim,
  planned: PlannedNames,
): Problem[] {
  const known = asText(name);
  if (known === undefined || definition.inputs["logicalName"] === undefined) return [];
  const key = JSON.stringify([definition.token, owner, known]);
  const isTaken = planned.has(key) && (id === undefined || planned.get(key) !== id);
  if (!isTaken) planned.set(key, id);
  return isTaken ? [{ field: "name", message: takenText(definition, known) }] : [];
}

function takenText({ name: kind }: ResourceDefinition, name: string): string {
  return `"${name}" is the name of another ${kind} in this configuration, or was at its birth, so both would be the same ${kind}; give the new one another name (under for_each or count it must say which, such as "${name}-\${each.key}"), or tell by a \`moved\` block that it is the same`;
}
