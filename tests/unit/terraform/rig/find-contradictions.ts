// What Terraform calls inconsistent: a value that was known and is another one later. Pure.

import {
  type AttributeValue,
  isAttributeObject,
  unknownAttribute,
} from "../../../../provider/terraform/wire/unknown-attribute";

/** `PATH: BEFORE, then AFTER` of each value that was known before and is another one after. */
export function findContradictions(before: AttributeValue, after: AttributeValue, at = ""): string[] {
  if (before === unknownAttribute) return [];
  if (Array.isArray(before) && Array.isArray(after) && before.length === after.length)
    return before.flatMap((item: AttributeValue, index) =>
      findContradictions(item, after[index] ?? null, `${at}[${index}]`),
    );
  if (isAttributeObject(before) && isAttributeObject(after))
    return Object.keys({ ...before, ...after }).flatMap((name) =>
      findContradictions(before[name] ?? null, after[name] ?? null, at === "" ? name : `${at}.${name}`),
    );
  return before === after ? [] : [`${at}: ${JSON.stringify(before)}, then ${JSON.stringify(after)}`];
}

/** The paths of all that is not known in the value. */
export function findUnknown(value: AttributeValue, at = ""): string[] {
  if (value === unknownAttribute) return [at];
  if (Array.isArray(value)) return value.flatMap((item: AttributeValue, index) => findUnknown(item, `${at}[${index}]`));
  if (!isAttributeObject(value)) return [];
  return Object.entries(value).flatMap(([name, inner]) => findUnknown(inner, at === "" ? name : `${at}.${name}`));
}
