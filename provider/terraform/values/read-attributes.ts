// Terraform's values -> ours, led by the fields: names in our spelling, null as absent, unknown as the model's own
// placeholder. Judges nothing: what does not fit its field stays as it is, so that validation can name it.

import type { Field, Fields } from "../../../schema/field";
import { attributeName } from "../../../schema/terraform/attribute-name";
import type { Values } from "../../controller/handlers/handler-context";
import { unknownValue } from "../../model/inputs/unknown-value";
import { type AttributeValue, isAttributeObject, unknownAttribute } from "../wire/unknown-attribute";

/** The values of an object's fields; none of what is null. */
export function readAttributes(fields: Fields, object: AttributeValue): Values {
  if (!isAttributeObject(object)) return {};
  const values = Object.entries(fields).map(([name, field]) => [
    name,
    readAttribute(field, object[attributeName(name)]),
  ]);
  return Object.fromEntries(values.filter(([, value]) => value !== undefined));
}

function readAttribute(field: Field, value: AttributeValue | undefined): unknown {
  if (value === null || value === undefined) return undefined;
  if (value === unknownAttribute) return unknownValue;
  switch (field.type) {
    case "list":
      return Array.isArray(value)
        ? value.map((item: AttributeValue) => readAttribute(field.items, item) ?? null)
        : value;
    case "object":
      return isAttributeObject(value) ? readAttributes(field.fields, value) : value;
    case "integer":
    case "number":
      return readNumber(value);
    case "string":
    case "quantity":
    case "boolean":
      return value;
  }
}

/** Decimal text becomes a number only where that says exactly the same. */
function readNumber(value: AttributeValue): unknown {
  if (typeof value !== "string") return value;
  const number = Number(value);
  return String(number) === value ? number : value;
}
