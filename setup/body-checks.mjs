// The checks of every verb's body, generated from the protocol's types: JSON Schema by ts-json-schema-generator, then
// code by ajv. Both are asked for nothing at run time: the agent's bundle holds the code alone.

import { join } from "node:path";
import { ROOT } from "./paths.mjs";

const TARGET = "provider/agent/generated/body-checks";
const SCHEMA = "tests/recorded/bodies.schema.json";
const HEAD = "// Generated from provider/protocol/bodies.ts by `npm run generate`; do not edit.\n";

/** The generated files, as path and text. The schema itself is for the fuzzers, which make bodies from it. */
export async function bodyChecks() {
  const [{ createGenerator }, { default: Ajv }, { default: standaloneCode }] = await Promise.all([
    import("ts-json-schema-generator"),
    import("ajv"),
    import("ajv/dist/standalone/index.js"),
  ]);
  const generator = createGenerator({
    path: join(ROOT, "provider/protocol/bodies.ts"),
    tsconfig: join(ROOT, "provider/protocol/tsconfig.json"),
    type: "VerbBodies",
    skipTypeCheck: true,
    additionalProperties: false,
    jsDoc: "extended",
  });
  const schema = generator.createSchema("VerbBodies");
  const definitions = withoutWords(schema.definitions);
  const verbs = Object.keys(definitions.VerbBodies.properties);
  const ajv = new (Ajv.default ?? Ajv)({ allErrors: true, strict: false, code: { source: true, lines: true } });
  ajv.addSchema({ $id: "leea", definitions });
  const names = Object.fromEntries(verbs.map((verb) => [verb, `leea#/definitions/VerbBodies/properties/${verb}`]));
  const code = (standaloneCode.default ?? standaloneCode)(ajv, names);
  return {
    [`${TARGET}.js`]: `${HEAD}${code}\n`,
    [`${TARGET}.d.ts`]: declarations(verbs),
    [SCHEMA]: `${JSON.stringify({ definitions }, undefined, 1)}\n`,
  };
}

/** What the code exports, for the compiler. */
function declarations(verbs) {
  const check = `export interface BodyError {
  readonly instancePath: string;
  readonly message?: string;
  readonly params: Readonly<Record<string, unknown>>;
}
export type BodyCheck = ((body: unknown) => boolean) & { readonly errors?: readonly BodyError[] | null };
`;
  return `${HEAD}\n${check}${verbs.map((verb) => `export declare const ${verb}: BodyCheck;\n`).join("")}`;
}

/** Descriptions would only make the bundle larger. */
function withoutWords(value) {
  if (Array.isArray(value)) return value.map(withoutWords);
  if (value === null || typeof value !== "object") return value;
  const kept = Object.entries(value).filter(([key, each]) => !(key === "description" && typeof each === "string"));
  return Object.fromEntries(kept.map(([key, each]) => [key, withoutWords(each)]));
}
