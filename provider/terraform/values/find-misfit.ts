// Whether a state's JSON has the shape of its fields: what Terraform hands us from its file may have been edited, or be of
// another program.

import type { Field, Fields } from "../../../schema/field";
import { attributeName } from "../../../schema/terraform/attribute-name";
import { type AttributeValue, isAttributeObject } from "../wire/unknown-attribute";

/** The path of the first value that does not fit, such as `disks[0].size`; undefined where all do. Null always fits. */
export function findMisfit(fields: Fields, value: AttributeValue, path = ""): string | undefined {
  if (!isAttributeObject(value)) return path === "" ? "the state" : path;
  for (const [name, field] of Object.entries(fields)) {
    const key = attributeName(name);
    const misfit = misfitOf(field, value[key] ?? null, path === "" ? key : `${path}.${key}`);
    if (misfit !== undefined) return misfit;
  }
  return undefined;
}

function misfitOf(field: Field, value: AttributeValue, path: string): string | undefined {
  if (value === null) return undefined;
  switch (field.type) {
    case "object":
      return findMisfit(field.fields, value, path);
    case "list":
      if (!Array.isArray(value)) return path;
      return value
        .map((item: AttributeValue, index) => misfitOf(field.items, item, `${path}[${index}]`))
        .find((misfit) => misfit !== undefined);
    case "string":
    case "quantity":
      return typeof value === "string" ? undefined : path;
    case "integer":
    case "number":
      return typeof value === "number" ? undefined : path;
    case "boolean":
      return typeof value === "boolean" ? undefined : path;
  }
}
