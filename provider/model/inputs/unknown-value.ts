// Values that are not known until another resource exists. Pulumi sends one fixed text in their place, whatever the
// type; it is accepted anywhere, decided by nothing and never sent to a host.

/** The text that stands for "not known yet" (Pulumi's engine, `UnknownStringValue`). */
export const unknownValue = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

/** True for the placeholder itself. */
export function isUnknown(value: unknown): boolean {
  return value === unknownValue;
}

/** True where the placeholder stands anywhere inside. */
export function containsUnknown(value: unknown): boolean {
  if (isUnknown(value)) return true;
  if (typeof value !== "object" || value === null) return false;
  return Object.values(value).some(containsUnknown);
}
