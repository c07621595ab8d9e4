// Fields -> the lists of a registry page: required, optional and read-only ones, then each nested object in a section of its
// own, as Terraform's own documents have them. Says of every field what a change of it does.

import { describe, quantityWords } from "../emit-docs";
import { sentence } from "../emit-types";
import { type Field, type Fields, isRequired } from "../field";
import { attributeDoc } from "./attribute-doc";
import { attributeName } from "./attribute-name";

/** Whether a change of what the user gives does something to a thing: not in a data source, nor in settings. */
type Changes = "told" | "none";

/** A nested object and the path of attribute names that leads to it. */
interface Nested {
  readonly path: readonly string[];
  readonly fields: Fields;
  readonly isComputed: boolean;
  readonly changes: Changes;
}

/** The lists of the fields, and of every object inside them. */
export function emitFieldLists(fields: Fields, changes: Changes): string {
  const top: Nested = { path: [], fields, isComputed: false, changes };
  const sections = nestedIn(top).map((nested) => {
    const name = nested.path.join(".");
    const anchor = `<a id="${anchorOf(nested.path)}"></a>`;
    return `${anchor}\n### Nested Schema for \`${name}\`\n\n${groups(nested, (title) => `${title}:`)}`;
  });
  return [groups(top, (title) => `### ${title}`), ...sections].join("\n\n");
}

function groups(nested: Nested, heading: (title: string) => string): string {
  const entries = Object.entries(nested.fields);
  const isReadOnly = (field: Field) => nested.isComputed || field.computed === true;
  const lists: readonly (readonly [string, (field: Field) => boolean])[] = [
    ["Required", (field) => !isReadOnly(field) && isRequired(field)],
    ["Optional", (field) => !isReadOnly(field) && !isRequired(field)],
    ["Read-Only", isReadOnly],
  ];
  return lists
    .map(([title, belongs]) => [title, entries.filter(([, field]) => belongs(field))] as const)
    .filter(([, found]) => found.length > 0)
    .map(([title, found]) => {
      const lines = found.map(([name, field]) => line(nested, name, field));
      return `${heading(title)}\n\n${lines.join("\n")}`;
    })
    .join("\n\n");
}

function line(nested: Nested, name: string, field: Field): string {
  const path = [...nested.path, attributeName(name)];
  const isComputed = nested.isComputed || field.computed === true;
  const parts = [
    `- \`${attributeName(name)}\` (${typeWords(field)}${field.secret === true ? ", Sensitive" : ""})`,
    attributeDoc(isComputed ? sentence(field.doc) : inputWords(field)),
    nested.changes === "none" || isComputed || field.change === undefined ? "" : `Change: ${field.change}.`,
    objectOf(field) === undefined ? "" : `(see [below for nested schema](#${anchorOf(path)}))`,
  ];
  return parts.filter((part) => part !== "").join(" ");
}

function typeWords(field: Field): string {
  switch (field.type) {
    case "string":
      return "String";
    case "quantity":
      return `String, ${quantityWords(field)}`;
    case "integer":
    case "number":
      return "Number";
    case "boolean":
      return "Boolean";
    case "object":
      return "Attributes";
    case "list":
      return field.items.type === "object" ? "Attributes List" : `List of ${typeWords(field.items)}`;
  }
}

/** What the user may give, and what it is if he does not. */
function inputWords(field: Field): string {
  return [describe(field), choiceWords(field), defaultWords(field)].filter((part) => part !== "").join(" ");
}

function choiceWords(field: Field): string {
  if (field.type !== "string" || field.enum === undefined) return "";
  return `One of ${field.enum.map((value) => `\`"${value}"\``).join(", ")}.`;
}

function defaultWords(field: Field): string {
  return "default" in field && field.default !== undefined ? `Default: \`${hclValue(field.default)}\`.` : "";
}

/** A value as HCL writes it; field names as attributes are spelled. */
function hclValue(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(hclValue).join(", ")}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  const parts = Object.entries(value).map(([name, inner]) => `${attributeName(name)} = ${hclValue(inner)}`);
  return parts.length === 0 ? "{}" : `{ ${parts.join(", ")} }`;
}

/** The fields of the object that the field is, or is a list of. */
function objectOf(field: Field): Fields | undefined {
  if (field.type === "list") return objectOf(field.items);
  return field.type === "object" ? field.fields : undefined;
}

function nestedIn(around: Nested): Nested[] {
  return Object.entries(around.fields).flatMap(([name, field]) => {
    const fields = objectOf(field);
    if (fields === undefined) return [];
    const isComputed = around.isComputed || field.computed === true;
    const nested = { ...around, path: [...around.path, attributeName(name)], fields, isComputed };
    return [nested, ...nestedIn(nested)];
  });
}

function anchorOf(path: readonly string[]): string {
  return `nestedatt--${path.join("--")}`;
}
