// Definitions -> JSON Schema (draft 07) of what a user declares. Two words are ours: `quantity` (a text with a unit,
// bounds by value) and `uniqueBy` (a field that must not repeat in a list); whoever validates must know both.

import { type Field, type Fields, isRequired, type ListField, type ObjectField, type QuantityField } from "./field";
import type { ResourceDefinition } from "./resource";

/** One JSON Schema. */
export type JsonSchema = Readonly<Record<string, unknown>>;

/** The schema of a resource's inputs: unknown fields are refused, defaults are written in. */
export function emitJsonSchema(resource: ResourceDefinition): JsonSchema {
  return {
    $schema: "http://json-schema.org/draft-07/schema#",
    title: resource.name,
    description: resource.doc,
    ...objectOf(resource.inputs),
  };
}

function objectOf(fields: Fields): JsonSchema {
  const required = Object.entries(fields).filter(([, field]) => isRequired(field));
  return {
    type: "object",
    additionalProperties: false,
    required: required.map(([name]) => name).filter((name) => !isFilledLater(name, fields)),
    properties: Object.fromEntries(Object.entries(fields).map(([name, field]) => [name, schemaOf(field)])),
  };
}

/** `name` falls back to the logical name, which the front door fills in; a document must not demand it. */
function isFilledLater(name: string, fields: Fields): boolean {
  return name === "name" && fields["owner"]?.internal === true;
}

function schemaOf(field: Field): JsonSchema {
  const base = { description: field.doc, ...("default" in field ? { default: field.default } : {}) };
  switch (field.type) {
    case "quantity":
      return { ...base, type: "string", quantity: quantityOf(field) };
    case "list":
      return { ...base, ...listOf(field) };
    case "object":
      return { ...base, ...objectOf(field.fields), ...oneOf(field) };
    case "string":
      return { ...base, ...pick(field, ["type", "enum", "pattern", "patternHint", "maxLength"]) };
    case "integer":
    case "number":
      return { ...base, ...pick(field, ["type", "minimum", "maximum"]) };
    case "boolean":
      return { ...base, type: "boolean" };
  }
}

function quantityOf(field: QuantityField): JsonSchema {
  return pick(field, ["quantity", "minimum", "maximum"]);
}

function listOf(field: ListField): JsonSchema {
  return { type: "array", items: schemaOf(field.items), ...pick(field, ["maxItems", "uniqueBy"]) };
}

function oneOf(field: ObjectField): JsonSchema {
  return field.exactlyOneOf === undefined ? {} : { exactlyOneOf: field.exactlyOneOf };
}

/** The named keys that are set, in the order given. */
function pick(field: object, names: readonly string[]): JsonSchema {
  const all = new Map(Object.entries(field));
  return Object.fromEntries(names.filter((name) => all.get(name) !== undefined).map((name) => [name, all.get(name)]));
}
