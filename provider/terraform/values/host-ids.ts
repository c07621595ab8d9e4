// A host's id without the way to it: a text to a handler, an object with that id to a Terraform user, so that what another
// resource shows as its `node` fits in its place. Judges nothing: what is neither stays as it is.

import type { Field } from "../../../schema/field";
import { asObject } from "../../model/inputs/loose-values";
import { isUnknown } from "../../model/inputs/unknown-value";

/** The value with every such object as its id. */
export function readHostIds(field: Field | undefined, value: unknown): unknown {
  return mapHostIds(field, value, (id) => (isPlain(id) ? id["id"] : id));
}

/** The value with every such id as an object. */
export function showHostIds(field: Field | undefined, value: unknown): unknown {
  return mapHostIds(field, value, (id) => (isUnknown(id) ? id : { id }));
}

function mapHostIds(field: Field | undefined, value: unknown, change: (id: unknown) => unknown): unknown {
  if (field === undefined || value === undefined || value === null || isUnknown(value)) return value;
  if (field.type === "string") return field.isNodeId === true ? change(value) : value;
  if (field.type === "list")
    return Array.isArray(value) ? value.map((item: unknown) => mapHostIds(field.items, item, change)) : value;
  if (field.type !== "object" || !isPlain(value)) return value;
  const inner = Object.entries(value).map(([name, each]) => [name, mapHostIds(field.fields[name], each, change)]);
  return Object.fromEntries(inner.filter(([, each]) => each !== undefined));
}

function isPlain(value: unknown): value is Readonly<Record<string, unknown>> {
  return value === asObject(value);
}
