// What a resource's state keeps for us alone: who declared it at its birth and under which logical name. Terraform keeps
// the bytes beside the state and shows them to nobody; they hold no secret.

import type { ResourceDefinition } from "../../../schema/resource";
import type { Values } from "../../controller/handlers/handler-context";
import { asObject, asText } from "../../model/inputs/loose-values";

/** The names of the birth; absent where a state has none. */
export interface BirthNames {
  readonly owner?: string;
  readonly logicalName?: string;
}

/** What a plan hands to its apply beside the names: whether the handler saw nothing to do. */
export interface PrivateValues {
  readonly birth: BirthNames;
  readonly isUnchanged: boolean;
}

/** The bytes for a state or a plan. */
export function writePrivate(birth: BirthNames, isUnchanged = false): Uint8Array {
  return Buffer.from(JSON.stringify({ v: 1, ...birth, ...(isUnchanged ? { isUnchanged } : {}) }));
}

/** What the bytes say. Bytes that are not ours, or none, say nothing. */
export function readPrivate(bytes: Uint8Array | null | undefined): PrivateValues {
  const values = asObject(parse(bytes));
  return { birth: birthIn(values), isUnchanged: values["isUnchanged"] === true };
}

/** The names of the birth among other values. */
export function birthIn(values: Values): BirthNames {
  const [owner, logicalName] = [asText(values["owner"]), asText(values["logicalName"])];
  return { ...(owner === undefined ? {} : { owner }), ...(logicalName === undefined ? {} : { logicalName }) };
}

/** The names that this resource's handler takes. */
export function birthNamesOf(definition: ResourceDefinition, birth: BirthNames): BirthNames {
  const names = Object.entries(birth).filter(([name]) => Object.hasOwn(definition.inputs, name));
  return Object.fromEntries(names);
}

function parse(bytes: Uint8Array | null | undefined): unknown {
  if (bytes === null || bytes === undefined || bytes.length === 0) return {};
  try {
    return JSON.parse(Buffer.from(bytes).toString("utf8"));
  } catch {
    return {}; // bytes of something that is not ours: the names are then those of today
  }
}
