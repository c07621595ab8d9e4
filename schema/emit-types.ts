// Definitions -> TypeScript interfaces of plain values: what a declaration looks like after its defaults were filled in,
// and what a host reports. Never says `Input` or `Output`: those words belong to one front door.

import type { Field, Fields } from "./field";
import type { ResourceDefinition } from "./resource";

/** First line of every generated file. */
export const generatedNotice = "// Generated from schema/ by `npm run generate`; never edited by hand.\n";

/** A set of fields with its name and what it is. */
export type NamedFields = readonly [name: string, doc: string, fields: Fields];

/** How a field is written in one kind of interface. */
export interface TypeStyle {
  /** Whether the field may be left out. */
  isOptional(field: Field): boolean;
  /** Wraps the type of a value, such as `pulumi.Input<…>`. */
  wrap(type: string): string;
  /** The name of a nested object's interface. */
  nameOf(objectName: string): string;
}

/** Plain values with defaults filled in. */
export const plainStyle: TypeStyle = {
  isOptional: (field) => field.optional === true,
  wrap: (type) => type,
  nameOf: (name) => name,
};

/** Every resource's `…Inputs` and `…Outputs`, and the objects inside them. Only `exported` names are exported. */
export function emitPlainTypes(resources: readonly ResourceDefinition[], exported: readonly string[]): string {
  const whole = resources.flatMap(({ name, inputs, outputs }): NamedFields[] => [
    [`${name}Inputs`, `What is declared of a ${name}, defaults filled in.`, inputs],
    [`${name}Outputs`, `What the host reports of a ${name}.`, outputs],
  ]);
  const nested = nestedObjects(whole.map(([, , fields]) => fields));
  const parts = [...whole, ...nested].map(([name, doc, fields]) => {
    const text = emitInterface(name, doc, fields);
    return exported.includes(name) ? exportInterface(text) : text;
  });
  return `${generatedNotice}\n${parts.join("\n")}`;
}

/** The objects inside the given fields only, all exported. */
export function emitNestedTypes(all: readonly Fields[]): string {
  const parts = nestedObjects(all).map(([name, doc, fields]) => exportInterface(emitInterface(name, doc, fields)));
  return `${generatedNotice}\n${parts.join("\n")}`;
}

/** The interface that emitInterface gave, exported. */
export function exportInterface(text: string): string {
  return text.replace("\ninterface ", "\nexport interface ");
}

/** One interface with a documented line for each field. */
export function emitInterface(name: string, doc: string, fields: Fields, style: TypeStyle = plainStyle): string {
  const lines = Object.entries(fields).flatMap(([key, field]) => [
    docComment(field, "  "),
    `  readonly ${key}${style.isOptional(field) ? "?" : ""}: ${style.wrap(typeOf(field, style))};`,
  ]);
  return `/** ${escapeDoc(doc)} */\ninterface ${name} {\n${lines.join("\n")}\n}\n`;
}

/** The type of a field's value. */
export function typeOf(field: Field, style: TypeStyle): string {
  switch (field.type) {
    case "string":
      return field.enum === undefined ? "string" : field.enum.map((value) => JSON.stringify(value)).join(" | ");
    case "quantity":
      return "string";
    case "integer":
    case "number":
      return "number";
    case "boolean":
      return "boolean";
    case "list":
      return `readonly ${bracket(style.wrap(typeOf(field.items, style)))}[]`;
    case "object":
      return style.nameOf(field.name);
  }
}

/** Every nested object once, in the order of first use: name, doc, fields. */
export function nestedObjects(all: readonly Fields[]): NamedFields[] {
  const found = new Map<string, NamedFields>();
  const visit = (field: Field): void => {
    if (field.type === "list") visit(field.items);
    if (field.type !== "object" || found.has(field.name)) return;
    found.set(field.name, [field.name, sentence(field.doc), field.fields]);
    for (const inner of Object.values(field.fields)) visit(inner);
  };
  for (const fields of all) for (const field of Object.values(fields)) visit(field);
  return [...found.values()];
}

/** The field's doc as a comment, with its default where it has one. */
export function docComment(field: Field, indent: string): string {
  const fallback =
    "default" in field && field.default !== undefined ? ` Default: \`${JSON.stringify(field.default)}\`.` : "";
  return `${indent}/** ${escapeDoc(`${sentence(field.doc)}${fallback}`)} */`;
}

/** A noun phrase as a sentence. */
export function sentence(phrase: string): string {
  const first = /^[a-z]/.test(phrase) ? phrase.charAt(0).toUpperCase() : phrase.charAt(0);
  return `${first}${phrase.slice(1)}${/[.!?]$/.test(phrase) ? "" : "."}`;
}

function escapeDoc(text: string): string {
  return text.replaceAll("*/", "*\\/");
}

function bracket(type: string): string {
  return type.includes(" | ") && !type.endsWith(">") ? `(${type})` : type;
}
