// The one value that stands for "not known yet" between Terraform and us.

/** See `unknownAttribute`. */
class UnknownAttribute {
  toJSON(): string {
    return "(known after apply)";
  }
}

/** Terraform's unknown value. Compare by identity. */
export const unknownAttribute: UnknownAttribute = Object.freeze(new UnknownAttribute());

/** A value as Terraform sends it: null is "not given"; a number that is no exact double is its decimal text. */
export type AttributeValue =
  | null
  | boolean
  | number
  | string
  | typeof unknownAttribute
  | readonly AttributeValue[]
  | { readonly [name: string]: AttributeValue };

/** True for an object with attributes. */
export function isAttributeObject(value: AttributeValue): value is { readonly [name: string]: AttributeValue } {
  return typeof value === "object" && value !== null && !Array.isArray(value) && value !== unknownAttribute;
}
