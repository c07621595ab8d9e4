// Definitions -> reference pages in Markdown: one a resource, with a table for its inputs, each nested object and its
// outputs. Says of every field what a change of it does, because that is what a user fears.

import { type NamedFields, sentence } from "./emit-types";
import { type ChangeClass, type Field, type Fields, isRequired, type Quantity, type QuantityField } from "./field";
import type { ResourceDefinition } from "./resource";

/** What each change class means to the person who changes a line. */
const changeMeanings: Readonly<Record<ChangeClass, string>> = {
  none: "applied at once; the VM or host goes on",
  "create-only": "applied when it is made; a later change only warns",
  hotplug: "applied to the running VM",
  restart: "the VM is shut down and started again on its host",
  migrate: "the running VM moves to the other host",
  replace: "deleted and made anew",
};

const quantityNames: Readonly<Record<Quantity, string>> = { bytes: "size", rate: "rate", duration: "duration" };

/** Of a field that has no default. */
const quantityExamples: Readonly<Record<Quantity, string>> = { bytes: "8GiB", rate: "10Gbps", duration: "30m" };

/** How a quantity is written, by an example that the field takes: its default where it has one. */
export function quantityWords({ quantity, default: usual }: QuantityField): string {
  return `${quantityNames[quantity]}, such as \`${JSON.stringify(usual ?? quantityExamples[quantity])}\``;
}

/** The reference page of one resource. */
export function emitDocs(resource: ResourceDefinition): string {
  const nested = collect({ ...resource.inputs, ...resource.outputs });
  return [
    `<!-- Generated from schema/ by \`npm run generate\`; never edited by hand. -->`,
    `# ${resource.name}`,
    resource.doc,
    "## Inputs",
    inputTable(resource.inputs),
    ...nested.inputs.flatMap(([name, doc, fields]) => [`### ${name}`, doc, inputTable(fields)]),
    "## Outputs",
    outputTable(resource.outputs),
    ...nested.outputs.flatMap(([name, doc, fields]) => [`### ${name}`, doc, outputTable(fields)]),
    "## What a change does",
    meanings(),
    "",
  ].join("\n\n");
}

function inputTable(fields: Fields): string {
  const shown = Object.entries(fields).filter(([, field]) => field.internal !== true);
  const rows = shown.map(
    ([name, field]) =>
      `| \`${name}\` | ${typeWords(field)} | ${defaultWords(name, field)} | ${field.change ?? "as the whole"} | ${cell(describe(field))} |`,
  );
  return ["| field | type | default | change | what it is |", "|---|---|---|---|---|", ...rows].join("\n");
}

function outputTable(fields: Fields): string {
  const rows = Object.entries(fields).map(
    ([name, field]) => `| \`${name}\` | ${typeWords(field)} | ${cell(sentence(field.doc))} |`,
  );
  return ["| field | type | what it is |", "|---|---|---|", ...rows].join("\n");
}

function typeWords(field: Field): string {
  switch (field.type) {
    case "list":
      return `list of ${typeWords(field.items)}`;
    case "object":
      return `[${field.name}](#${field.name.toLowerCase()})`;
    case "quantity":
      return quantityWords(field);
    case "string":
      return field.enum === undefined ? "string" : field.enum.map((value) => `\`"${value}"\``).join(" or ");
    case "integer":
      return "whole number";
    case "number":
    case "boolean":
      return field.type;
  }
}

function defaultWords(name: string, field: Field): string {
  if ("default" in field && field.default !== undefined) return `\`${cell(JSON.stringify(field.default))}\``;
  if (name === "name" && field.doc.includes("logical name")) return "the logical name";
  return isRequired(field) ? "**required**" : "not set";
}

/** What a field is, and the bounds of its value, as sentences. */
export function describe(field: Field): string {
  return [sentence(field.doc), boundsOf(field)].filter((part) => part !== "").join(" ");
}

function boundsOf(field: Field): string {
  const parts: string[] = [];
  if ("minimum" in field && field.minimum !== undefined) parts.push(`at least ${field.minimum}`);
  if ("maximum" in field && field.maximum !== undefined) parts.push(`at most ${field.maximum}`);
  if (field.type === "list" && field.maxItems !== undefined) parts.push(`at most ${field.maxItems} items`);
  if (field.type === "list" && field.uniqueBy !== undefined) parts.push(`no two with the same \`${field.uniqueBy}\``);
  if (field.type === "object" && field.exactlyOneOf !== undefined)
    parts.push(`exactly one of ${field.exactlyOneOf.map((name) => `\`${name}\``).join(", ")}`);
  if (field.type === "string" && field.patternHint !== undefined) parts.push(field.patternHint);
  return parts.length === 0 ? "" : sentence(parts.join(", "));
}

interface Nested {
  readonly inputs: NamedFields[];
  readonly outputs: NamedFields[];
}

function collect(fields: Fields): Nested {
  const found: Nested = { inputs: [], outputs: [] };
  const seen = new Set<string>();
  const visit = (field: Field): void => {
    if (field.type === "list") visit(field.items);
    if (field.type !== "object" || field.internal === true || seen.has(field.name)) return;
    seen.add(field.name);
    const place = field.computed === true ? found.outputs : found.inputs;
    place.push([field.name, describe(field), field.fields]);
    for (const inner of Object.values(field.fields)) visit(inner);
  };
  for (const field of Object.values(fields)) visit(field);
  return found;
}

/** What each change class means, as a list. */
export function meanings(): string {
  return Object.entries(changeMeanings)
    .map(([name, meaning]) => `- **${name}**: ${meaning}.`)
    .join("\n");
}

function cell(text: string): string {
  return text.replaceAll("|", "\\|");
}
