// Declared values -> checked values with defaults, or every mistake at once with its field's path. The rules come from
// the schema; nothing about a field is said here. Never changes the values that it is given.

import { Ajv, type ErrorObject, type ValidateFunction } from "ajv";
import { emitJsonSchema } from "../../../schema/emit-json-schema";
import type { ResourceDefinition } from "../../../schema/resource";
import type { Problem } from "../../model/errors";
import { nearestName } from "../../model/inputs/nearest-name";
import { parseQuantity } from "../../model/inputs/parse-quantity";
import { isUnknown } from "../../model/inputs/unknown-value";
import { addKeywords } from "./add-keywords";

/** Values with defaults written in, and the mistakes; with mistakes the values are as far as they could be read. */
export interface ValidatedInputs {
  readonly values: Record<string, unknown>;
  readonly problems: readonly Problem[];
}

// Our own schemas, and a test says that they are valid: a Terraform command compiles them in each process that it starts.
const quickly = { meta: false, validateSchema: false, code: { optimize: false } };
const ajv = new Ajv({
  allErrors: true,
  useDefaults: true,
  verbose: true,
  strict: true,
  allowUnionTypes: true,
  ...quickly,
});
addKeywords(ajv);
const compiled = new Map<string, ValidateFunction>();

/** Checks declared inputs against the definition. A null means "not given". */
export function validateInputs(resource: ResourceDefinition, declared: unknown): ValidatedInputs {
  const values = withoutNulls(declared) as Record<string, unknown>;
  const validate = compile(resource);
  validate(values);
  const errors = (validate.errors ?? []).filter(
    (error, _index, all) => !isUnknown(error.data) && !isSaidBetter(error, all),
  );
  return { values, problems: errors.map((error) => wordError(error)) };
}

/** The list of what is allowed says more than the type of it. */
function isSaidBetter(error: ErrorObject, all: readonly ErrorObject[]): boolean {
  return (
    error.keyword === "type" &&
    all.some((other) => other.keyword === "enum" && other.instancePath === error.instancePath)
  );
}

function compile(resource: ResourceDefinition): ValidateFunction {
  const known = compiled.get(resource.name);
  if (known !== undefined) return known;
  const validate = ajv.compile(emitJsonSchema(resource));
  compiled.set(resource.name, validate);
  return validate;
}

/** A copy, all the way down: the check writes defaults into it. */
function withoutNulls(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutNulls);
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).filter(([, inner]) => inner !== null && inner !== undefined);
  return Object.fromEntries(entries.map(([key, inner]) => [key, withoutNulls(inner)]));
}

function wordError(error: ErrorObject): Problem {
  const field = fieldPath(error.instancePath);
  const rule = (error.parentSchema ?? {}) as Record<string, unknown>;
  switch (error.keyword) {
    case "required":
      return { field: join(field, String(error.params["missingProperty"])), message: missingText(rule, error) };
    case "additionalProperties":
      return unknownField(field, String(error.params["additionalProperty"]), rule);
    case "type":
      return { field, message: typeText(error, rule) };
    case "pattern":
      return {
        field,
        message: `${show(error.data)} is not allowed; it must be ${String(rule["patternHint"] ?? rule["pattern"])}`,
      };
    case "enum":
      return { field, message: enumText(error.data, rule["enum"] as string[]) };
    case "minimum":
      return { field, message: `${show(error.data)} is too little; at least ${String(error.schema)}` };
    case "maximum":
      return { field, message: `${show(error.data)} is too much; at most ${String(error.schema)}` };
    case "maxLength":
      return { field, message: `has ${String(error.data).length} characters; at most ${String(error.schema)}` };
    case "maxItems":
      return { field, message: `has ${(error.data as unknown[]).length} items; at most ${String(error.schema)}` };
    default:
      return { field, message: error.message ?? error.keyword };
  }
}

function missingText(rule: Record<string, unknown>, error: ErrorObject): string {
  const properties = rule["properties"] as Record<string, { description?: string }> | undefined;
  const doc = properties?.[String(error.params["missingProperty"])]?.description;
  return doc === undefined ? "is missing" : `is missing: ${doc}`;
}

function unknownField(field: string, name: string, rule: Record<string, unknown>): Problem {
  const known = Object.keys((rule["properties"] as object | undefined) ?? {});
  const near = nearestName(name, known);
  const advice = near === undefined ? `known are: ${known.join(", ")}` : `did you mean "${near}"?`;
  return { field: join(field, name), message: `is no field of it; ${advice}` };
}

const typeWords: Readonly<Record<string, string>> = {
  string: "text",
  integer: "a whole number",
  number: "a number",
  boolean: "true or false",
  array: "a list",
  object: "an object",
};

function typeText(error: ErrorObject, rule: Record<string, unknown>): string {
  const quantity = rule["quantity"] as { quantity: "bytes" | "rate" | "duration" } | undefined;
  if (quantity !== undefined && typeof error.data === "number") {
    const parsed = parseQuantity(String(error.data), quantity.quantity);
    return parsed.ok ? "must be text with a unit" : parsed.message;
  }
  return `is ${show(error.data)}; it must be ${typeWords[String(error.schema)] ?? String(error.schema)}`;
}

function enumText(value: unknown, allowed: readonly string[]): string {
  const near = typeof value === "string" ? nearestName(value, allowed) : undefined;
  const list = allowed.map((item) => `"${item}"`).join(", ");
  return `${show(value)} is not allowed; it is one of ${list}${near === undefined ? "" : ` (did you mean "${near}"?)`}`;
}

/** "/disks/0/size" as "disks[0].size". */
function fieldPath(pointer: string): string {
  return pointer
    .split("/")
    .slice(1)
    .map((part) => part.replaceAll("~1", "/").replaceAll("~0", "~"))
    .reduce((path, part) => (/^[0-9]+$/.test(part) ? `${path}[${part}]` : join(path, part)), "");
}

function join(path: string, name: string): string {
  return path === "" ? name : `${path}.${name}`;
}

function show(value: unknown): string {
  const text = JSON.stringify(value) ?? "nothing";
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}
