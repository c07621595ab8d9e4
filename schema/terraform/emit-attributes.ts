// Fields -> attributes in the shape of `terraform providers schema -json`: nested attributes, never blocks. Pure; the
// provider's answer over gRPC is made from the same attributes.

import { sentence } from "../emit-types";
import { type Field, type Fields, isRequired, type ListField } from "../field";
import { attributeDoc } from "./attribute-doc";
import { attributeName } from "./attribute-name";

/** A type that holds no attributes of its own. */
export type PlainType = "string" | "number" | "bool" | readonly ["list", "string" | "number" | "bool"];

/** One attribute. Exactly one of `type` and `nested_type` is there. */
export interface TerraformAttribute {
  readonly type?: PlainType;
  readonly nested_type?: {
    readonly attributes: TerraformAttributes;
    readonly nesting_mode: "single" | "list" | "map";
  };
  readonly description: string;
  readonly description_kind: "plain";
  readonly required?: true;
  readonly optional?: true;
  readonly computed?: true;
  readonly sensitive?: true;
}

/** Attributes by their Terraform names. */
export type TerraformAttributes = Readonly<Record<string, TerraformAttribute>>;

/** Who gives the values: the user, with what he leaves out filled in (`user`) or not (`settings`), or the provider alone. */
export type GivenBy = "user" | "settings" | "provider";

/** The attributes of the fields. */
export function emitAttributes(fields: Fields, givenBy: GivenBy): Record<string, TerraformAttribute> {
  return Object.fromEntries(
    Object.entries(fields).map(([name, field]) => [attributeName(name), emitAttribute(field, givenBy)]),
  );
}

/** One attribute; what is inside a computed one is computed too. */
function emitAttribute(field: Field, around: GivenBy): TerraformAttribute {
  const givenBy = field.computed === true ? "provider" : around;
  return {
    ...typeOf(field, givenBy),
    description: describe(field, givenBy),
    description_kind: "plain",
    ...presenceOf(field, givenBy),
    ...(field.secret === true ? { sensitive: true } : {}),
  };
}

function presenceOf(field: Field, givenBy: GivenBy): Pick<TerraformAttribute, "required" | "optional" | "computed"> {
  if (givenBy === "provider") return { computed: true };
  if (isRequired(field)) return { required: true };
  return givenBy === "user" && isFilledIn(field) ? { optional: true, computed: true } : { optional: true };
}

/** True where the provider gives a value when the user gives none. */
function isFilledIn(field: Field): boolean {
  return field.sharedByHosts === true || ("default" in field && field.default !== undefined);
}

function typeOf(field: Field, givenBy: GivenBy): Pick<TerraformAttribute, "type" | "nested_type"> {
  switch (field.type) {
    case "string":
    case "quantity":
      return { type: "string" };
    case "integer":
    case "number":
      return { type: "number" };
    case "boolean":
      return { type: "bool" };
    case "object":
      return { nested_type: { attributes: emitAttributes(field.fields, givenBy), nesting_mode: "single" } };
    case "list":
      return listType(field, givenBy);
  }
}

function listType({ items }: ListField, givenBy: GivenBy): Pick<TerraformAttribute, "type" | "nested_type"> {
  if (items.type === "object")
    return { nested_type: { attributes: emitAttributes(items.fields, givenBy), nesting_mode: "list" } };
  const { type } = typeOf(items, givenBy);
  if (typeof type !== "string") throw new TypeError("a list of lists has no attribute type here");
  return { type: ["list", type] };
}

function describe(field: Field, givenBy: GivenBy): string {
  const text = attributeDoc(sentence(field.doc));
  if (givenBy === "provider" || !("default" in field) || field.default === undefined) return text;
  return `${text} Default: ${JSON.stringify(field.default)}.`;
}
