// Our values -> Terraform's: an object has exactly its schema's attributes, absent ones as null. The other way round is
// read-attributes.ts.

import type { Field, Fields } from "../../../schema/field";
import { attributeName } from "../../../schema/terraform/attribute-name";
import type { Values } from "../../controller/handlers/handler-context";
import { asObject } from "../../model/inputs/loose-values";
import { isUnknown } from "../../model/inputs/unknown-value";
import { type AttributeValue, unknownAttribute } from "../wire/unknown-attribute";

/** The object with every attribute of the fields. */
export function writeAttributes(fields: Fields, values: Values): { readonly [name: string]: AttributeValue } {
  return Object.fromEntries(
    Object.entries(fields).map(([name, field]) => [attributeName(name), writeAttribute(field, values[name])]),
  );
}

function writeAttribute(field: Field, value: unknown): AttributeValue {
  if (value === undefined || value === null) return null;
  if (isUnknown(value)) return unknownAttribute;
  if (field.type === "list")
    return Array.isArray(value) ? value.map((item: unknown) => writeAttribute(field.items, item)) : null;
  if (field.type === "object") return writeAttributes(field.fields, asObject(value));
  return value as AttributeValue;
}
