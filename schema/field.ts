// The vocabulary in which a resource's fields are described. Pure data: validation, types, documents and both front
// doors are derived from it, so nothing about a field is written anywhere else.

/** What a changed value does to a thing that exists. `create-only`: it applied when the thing was made; a change warns. */
export type ChangeClass = "none" | "create-only" | "hotplug" | "restart" | "migrate" | "replace";

/** A quantity written as a string with its unit, such as "8GiB", "10Gbps", "45m"; compared by value. */
export type Quantity = "bytes" | "rate" | "duration";

/** What every field says of itself. `doc` is one noun phrase; absent `default` of an optional field means "not set". */
interface FieldBase {
  readonly doc: string;
  /** The user may leave it out. Fields that have a default are optional by that. */
  readonly optional?: boolean;
  /** Never printed, never stored in plain. */
  readonly secret?: boolean;
  /** Filled by the host, never by the user. */
  readonly computed?: boolean;
  /** Filled by the SDK, not written by the user. */
  readonly internal?: boolean;
  readonly change?: ChangeClass;
  /** Part of a way to a host that a front door's own settings may fill where it is left out. */
  readonly sharedByHosts?: boolean;
  /** Outputs only: the inputs whose change may change it; none: it stays as long as the thing exists. Absent: any update may. */
  readonly changesWith?: readonly string[];
}

/** Text; `pattern` is a JavaScript regular expression, `patternHint` says it in words. `maxLength` in characters. */
export interface StringField extends FieldBase {
  readonly type: "string";
  readonly default?: string;
  readonly enum?: readonly string[];
  readonly pattern?: string;
  readonly patternHint?: string;
  readonly maxLength?: number;
  /** It is a host's id, and this internal field beside it is the way to that host: a front door may show both as one value. */
  readonly connectionIn?: string;
  /** It is a host's id without the way to it: a front door that shows hosts as objects shows this as one too. */
  readonly isNodeId?: boolean;
}

/** A quantity with a unit. `minimum` and `maximum` are written with a unit too. */
export interface QuantityField extends FieldBase {
  readonly type: "quantity";
  readonly quantity: Quantity;
  readonly default?: string;
  readonly minimum?: string;
  readonly maximum?: string;
}

/** A whole number (or any number for `number`), bounds included. */
export interface NumberField extends FieldBase {
  readonly type: "integer" | "number";
  readonly default?: number;
  readonly minimum?: number;
  readonly maximum?: number;
}

/** A yes or no. */
export interface BooleanField extends FieldBase {
  readonly type: "boolean";
  readonly default?: boolean;
}

/** A list; `uniqueBy` names the item's field that must not repeat. */
export interface ListField extends FieldBase {
  readonly type: "list";
  readonly items: Field;
  readonly maxItems?: number;
  readonly uniqueBy?: string;
  readonly default?: readonly unknown[];
}

/** A nested object. `name` is its type's name in SDKs. `exactlyOneOf` lists fields of which one must be given. */
export interface ObjectField extends FieldBase {
  readonly type: "object";
  readonly name: string;
  readonly fields: Fields;
  readonly exactlyOneOf?: readonly string[];
}

/** Any field. */
export type Field = StringField | QuantityField | NumberField | BooleanField | ListField | ObjectField;

/** Fields by name, in the order in which documents show them. */
export type Fields = Readonly<Record<string, Field>>;

/** True where the user must give a value. */
export function isRequired(field: Field): boolean {
  if (field.optional === true || field.computed === true) return false;
  return !("default" in field && field.default !== undefined);
}
