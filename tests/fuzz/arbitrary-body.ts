// Bodies of verbs, drawn from the JSON Schema that the agent's own checks are generated from: sound ones, and ones that are
// wrong in a place or two, which is where checks are thin.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import fc, { type Arbitrary } from "fast-check";

interface Schema {
  readonly $ref?: string;
  readonly type?: string;
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly anyOf?: readonly Schema[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly items?: Schema;
  readonly maxItems?: number;
  readonly pattern?: string;
  readonly maxLength?: number;
  readonly minimum?: number;
  readonly maximum?: number;
}

const recorded = readFileSync(join(__dirname, "..", "recorded", "bodies.schema.json"), "utf8");
const known = (JSON.parse(recorded) as { readonly definitions: Readonly<Record<string, Schema>> }).definitions;
const bodies = known["VerbBodies"]?.properties ?? {};

/** Verbs that have a body. */
export const verbsWithBody: readonly string[] = Object.keys(bodies);

/** A sound body of the verb. */
export function soundBody(verb: string): Arbitrary<unknown> {
  return arbitraryOf(bodies[verb] ?? {});
}

/** A body that is near to a sound one: a field changed, dropped, added or put in another's place, once or a few times. */
export function nearBody(verb: string): Arbitrary<unknown> {
  const change = fc.tuple(fc.nat(), fc.constantFrom("replace", "drop", "add", "nest"), oddValue);
  return fc
    .tuple(soundBody(verb), fc.array(change, { minLength: 1, maxLength: 3 }))
    .map(([body, changes]) => changes.reduce<unknown>((so_far, each) => mutate(so_far, ...each), body));
}

/** Values that programs stumble over. */
export const oddValue: Arbitrary<unknown> = fc.oneof(
  fc.constantFrom<unknown>(
    ...[null, true, "", " ", [], {}, 0, -1, 1.5, 1e30, -0, 2 ** 53, "NaN", "../../etc/passwd", "/", "\u0000", "\u202e"],
    ...["a,b", "-drive", "$(id)", "a\nb", "%00", "__proto__", "constructor", "é".repeat(200), "x".repeat(100_000)],
  ),
  fc.constantFrom(JSON.parse('{"__proto__":{"polluted":true}}') as unknown, [[[[[[[[]]]]]]]], Array(3_000).fill(0)),
  fc.jsonValue({ maxDepth: 3 }),
);

function arbitraryOf(schema: Schema): Arbitrary<unknown> {
  if (schema.$ref !== undefined) return arbitraryOf(known[schema.$ref.split("/").at(-1) ?? ""] ?? {});
  if ("const" in schema) return fc.constant(schema.const);
  if (schema.enum !== undefined) return fc.constantFrom(...schema.enum);
  if (schema.anyOf !== undefined) return fc.oneof(...schema.anyOf.map(arbitraryOf));
  if (schema.type === "object") return objectOf(schema);
  if (schema.type === "array")
    return fc.array(arbitraryOf(schema.items ?? {}), { maxLength: Math.min(3, schema.maxItems ?? 3) });
  return scalarOf(schema);
}

function scalarOf(schema: Schema): Arbitrary<unknown> {
  const { minimum = 0, maximum = 2 ** 40 } = schema;
  if (schema.type === "string")
    return schema.pattern === undefined
      ? fc.string({ maxLength: schema.maxLength ?? 40 })
      : fc.stringMatching(new RegExp(schema.pattern, "u"));
  if (schema.type === "integer") return fc.integer({ min: minimum, max: Math.min(maximum, 2 ** 45) });
  if (schema.type === "number") return fc.double({ min: minimum, max: maximum, noNaN: true });
  if (schema.type === "boolean") return fc.boolean();
  return fc.jsonValue({ maxDepth: 2 });
}

function objectOf(schema: Schema): Arbitrary<unknown> {
  const fields = Object.entries(schema.properties ?? {}).map(([name, each]) => [name, arbitraryOf(each)] as const);
  return fc.record(Object.fromEntries(fields), { requiredKeys: [...(schema.required ?? [])] });
}

/** The place is drawn among all fields at any depth. */
function mutate(body: unknown, at: number, how: string, value: unknown): unknown {
  const copy = structuredClone(body);
  const places = listPlaces(copy);
  const place = places[at % Math.max(1, places.length)];
  if (place === undefined) return how === "nest" ? [copy] : value;
  const { holder, key } = place;
  if (how === "drop") delete holder[key];
  else if (how === "add") holder[`${key}x`] = value;
  else holder[key] = how === "nest" ? [holder[key]] : value;
  return copy;
}

interface Place {
  readonly holder: Record<string, unknown>;
  readonly key: string;
}

function listPlaces(value: unknown): Place[] {
  if (typeof value !== "object" || value === null) return [];
  const holder = value as Record<string, unknown>;
  return Object.keys(holder).flatMap((key) => [{ holder, key }, ...listPlaces(holder[key])]);
}
