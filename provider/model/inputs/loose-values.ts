// Reading values that were not checked yet, so that every mistake can be named in one pass: a value of the wrong kind
// is treated as absent, because its own mistake is already named.

import { isUnknown } from "./unknown-value";

/** The items of a list of objects; anything else gives none. */
export function asObjects(value: unknown): Record<string, unknown>[] {
  return Array.isArray(value) ? value.map(asObject) : [];
}

/** The object, or an empty one. */
export function asObject(value: unknown): Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : {};
}

/** The text; undefined where it is none, or not known yet. */
export function asText(value: unknown): string | undefined {
  return typeof value === "string" && !isUnknown(value) ? value : undefined;
}

/** The number; undefined where it is none. */
export function asNumber(value: unknown): number | undefined {
  return typeof value === "number" && Number.isFinite(value) ? value : undefined;
}
