// The two words that leea's JSON Schema adds, as ajv keywords: `quantity` (text with a unit, bounds by value) and
// `uniqueBy`, with `exactlyOneOf` beside them. Each gives one message for a person. Unknown values pass.

import type { Ajv, SchemaValidateFunction } from "ajv";
import type { Quantity } from "../../../schema/field";
import { formatQuantity, parseQuantity } from "../../model/inputs/parse-quantity";
import { containsUnknown, isUnknown } from "../../model/inputs/unknown-value";

interface QuantityRule {
  readonly quantity: Quantity;
  readonly minimum?: string;
  readonly maximum?: string;
}

/** Adds leea's keywords to an ajv. `patternHint` is only read by whoever words the errors. */
export function addKeywords(ajv: Ajv): void {
  ajv.addKeyword("patternHint");
  addWordedKeyword(ajv, "quantity", "string", (rule, value) => quantityProblem(rule as QuantityRule, value as string));
  addWordedKeyword(ajv, "uniqueBy", "array", (key, value) => repeatedProblem(key as string, value as unknown[]));
  addWordedKeyword(ajv, "exactlyOneOf", "object", (names, value) =>
    choiceProblem(names as string[], value as Record<string, unknown>),
  );
}

function addWordedKeyword(
  ajv: Ajv,
  keyword: string,
  type: "string" | "array" | "object",
  findProblem: (rule: unknown, value: unknown) => string | undefined,
): void {
  const validate: SchemaValidateFunction = (rule: unknown, value: unknown) => {
    const message = findProblem(rule, value);
    validate.errors = message === undefined ? [] : [{ keyword, message, params: {} }];
    return message === undefined;
  };
  ajv.addKeyword({ keyword, type, errors: true, validate });
}

function quantityProblem(rule: QuantityRule, text: string): string | undefined {
  if (isUnknown(text)) return undefined;
  const parsed = parseQuantity(text, rule.quantity);
  if (!parsed.ok) return parsed.message;
  if (rule.minimum !== undefined && parsed.value < boundOf(rule.minimum, rule.quantity)) {
    return `${formatQuantity(parsed.value, rule.quantity)} is too little; at least ${rule.minimum}`;
  }
  if (rule.maximum !== undefined && parsed.value > boundOf(rule.maximum, rule.quantity)) {
    return `${formatQuantity(parsed.value, rule.quantity)} is too much; at most ${rule.maximum}`;
  }
  return undefined;
}

function boundOf(text: string, quantity: Quantity): number {
  const parsed = parseQuantity(text, quantity);
  return parsed.ok ? parsed.value : Number.NaN;
}

function repeatedProblem(key: string, items: unknown[]): string | undefined {
  const values = items
    .map((item) => (item as Record<string, unknown> | null)?.[key])
    .filter((value) => value !== undefined && !containsUnknown(value));
  const repeated = values.find((value, index) => values.indexOf(value) !== index);
  return repeated === undefined ? undefined : `two of them have the ${key} ${JSON.stringify(repeated)}`;
}

function choiceProblem(names: readonly string[], value: Record<string, unknown>): string | undefined {
  const given = names.filter((name) => value[name] !== undefined && !isUnknown(value[name]));
  // What is not known yet may turn out to be nothing.
  const isOpen = given.length === 0 && names.some((name) => isUnknown(value[name]));
  if (given.length === 1 || isOpen) return undefined;
  const choice = names.join(", ");
  return given.length === 0
    ? `needs exactly one of: ${choice}`
    : `has ${given.join(" and ")}; give exactly one of: ${choice}`;
}
