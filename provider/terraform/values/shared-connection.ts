// The provider's `ssh` settings, put into every connection that leaves them out. Nothing is taken away, and nothing that a
// resource says itself is changed.

import type { Field, Fields } from "../../../schema/field";
import { sharedConnectionFields } from "../../../schema/terraform/terraform-fields";
import type { Values } from "../../controller/handlers/handler-context";
import { asObject } from "../../model/inputs/loose-values";
import { containsUnknown, isUnknown, unknownValue } from "../../model/inputs/unknown-value";

/** What every connection has that does not say otherwise; unknown values where the settings are not known yet. */
export type SharedConnection = Values;

/** Reads the provider's `ssh`. */
export function readSharedConnection(ssh: unknown): SharedConnection {
  if (!isUnknown(ssh)) return asObject(ssh);
  return Object.fromEntries(Object.keys(sharedConnectionFields).map((name) => [name, unknownValue]));
}

/** The settings that are known: what is asked of hosts now needs no others. */
export function knownPart(shared: SharedConnection): SharedConnection {
  return Object.fromEntries(Object.entries(shared).filter(([, value]) => !containsUnknown(value)));
}

/** The values with every connection in them filled in. */
export function fillConnections(fields: Fields, values: Values, shared: SharedConnection): Values {
  if (Object.keys(shared).length === 0) return values;
  return Object.fromEntries(
    Object.entries(values).map(([name, value]) => {
      const field = fields[name];
      return [name, field === undefined ? value : fill(field, value, shared)];
    }),
  );
}

function fill(field: Field, value: unknown, shared: SharedConnection): unknown {
  if (value === null || value === undefined || isUnknown(value)) return value;
  if (field.type === "list")
    return Array.isArray(value) ? value.map((item: unknown) => fill(field.items, item, shared)) : value;
  if (field.type !== "object" || typeof value !== "object") return value;
  if (field.name === "Connection") return { ...shared, ...asObject(value) };
  return fillConnections(field.fields, asObject(value), shared);
}
