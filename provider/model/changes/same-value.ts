// Whether two declared values mean the same, and where they differ: guided by the schema, so that "8GiB" equals
// "8192MiB", a default equals the same value written out, and every difference knows what a change of it does.

import type { ChangeClass, Field, Fields } from "../../../schema/field";
import { formatQuantity, parseQuantity, sameQuantity } from "../inputs/parse-quantity";
import { containsUnknown } from "../inputs/unknown-value";

/** One place in which two values differ. `change` is what the schema says of that field or of the one around it. */
export interface ValueChange {
  readonly field: string;
  readonly change: ChangeClass;
  readonly before: unknown;
  readonly after: unknown;
  /** Such as `memory changed (1GiB -> 2GiB)`. */
  readonly reason: string;
}

/** Every difference between two sets of values, deepest place first named by its path. */
export function findChanges(
  fields: Fields,
  before: Readonly<Record<string, unknown>>,
  after: Readonly<Record<string, unknown>>,
): ValueChange[] {
  return Object.entries(fields).flatMap(([name, field]) =>
    changesOf(field, { path: name, change: field.change ?? "none" }, before[name], after[name]),
  );
}

interface Place {
  readonly path: string;
  readonly change: ChangeClass;
}

function changesOf(field: Field, place: Place, before: unknown, after: unknown): ValueChange[] {
  const [left, right] = [withDefault(field, before), withDefault(field, after)];
  if (isSame(field, left, right)) return [];
  if (field.type === "object" && isPlain(left) && isPlain(right)) {
    return Object.entries(field.fields).flatMap(([name, inner]) =>
      changesOf(
        inner,
        { path: `${place.path}.${name}`, change: inner.change ?? place.change },
        left[name],
        right[name],
      ),
    );
  }
  if (field.type === "list" && Array.isArray(left) && Array.isArray(right) && left.length === right.length) {
    return left.flatMap((item, index) =>
      changesOf(field.items, { ...place, path: `${place.path}[${index}]` }, item, right[index]),
    );
  }
  return [
    {
      field: place.path,
      change: place.change,
      before: left,
      after: right,
      reason: reasonOf(place.path, show(field, left), right, show(field, right)),
    },
  ];
}

function isSame(field: Field, left: unknown, right: unknown): boolean {
  if (left === undefined || right === undefined) return left === right;
  switch (field.type) {
    case "quantity":
      return sameQuantity(textOf(left), textOf(right), field.quantity);
    case "list":
      return (
        Array.isArray(left) &&
        Array.isArray(right) &&
        left.length === right.length &&
        left.every((item, index) => isSame(field.items, item, right[index]))
      );
    case "object":
      return (
        isPlain(left) &&
        isPlain(right) &&
        Object.entries(field.fields).every(([name, inner]) =>
          isSame(inner, withDefault(inner, left[name]), withDefault(inner, right[name])),
        )
      );
    case "string":
    case "integer":
    case "number":
    case "boolean":
      return left === right;
  }
}

function withDefault(field: Field, value: unknown): unknown {
  if (value !== undefined && value !== null) return value;
  return "default" in field ? field.default : undefined;
}

function reasonOf(path: string, before: string, after: unknown, afterText: string): string {
  if (containsUnknown(after)) return `${path} is not known yet`;
  return `${path} changed (${before} -> ${afterText})`;
}

function show(field: Field, value: unknown): string {
  if (value === undefined) return "not set";
  if (field.type === "quantity") {
    const parsed = parseQuantity(textOf(value), field.quantity);
    return parsed.ok ? formatQuantity(parsed.value, field.quantity) : textOf(value);
  }
  if (Array.isArray(value)) return value.length === 1 ? "1 item" : `${value.length} items`;
  if (typeof value === "object") return "set";
  const text = textOf(value);
  return text.length > 60 ? `${text.slice(0, 57)}…` : text;
}

function isPlain(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function textOf(value: unknown): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}
