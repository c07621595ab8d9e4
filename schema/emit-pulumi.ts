// Definitions -> what the Pulumi SDK needs of them: argument interfaces, plain result types, and one base class a
// resource that declares its outputs. Never decides how an argument is turned into an input: src/ does that by hand.

import {
  docComment,
  emitInterface,
  emitNestedTypes,
  exportInterface,
  generatedNotice,
  nestedObjects,
  plainStyle,
  sentence,
  type TypeStyle,
  typeOf,
} from "./emit-types";
import { type Field, type Fields, isRequired } from "./field";
import type { ResourceDefinition } from "./resource";

/** Fields in which a program names another resource by itself, or by what a plain object says of it. */
const referenceFields: Readonly<Record<string, string>> = {
  "GpuPartition.node": "NodeLike",
  "VM.gpus": "readonly GpuReferenceArgs[]",
  "VM.node": "NodeLike",
  "MeshNode.peers": "readonly NodeLike[]",
};

const argStyle: TypeStyle = {
  isOptional: (field) => !isRequired(field),
  wrap: (type) => `pulumi.Input<${type}>`,
  nameOf: (name) => `${name}Args`,
};

/** File name (without folder) to text, for sdk/pulumi/src/generated. */
export function emitPulumiSdk(resources: readonly ResourceDefinition[]): Record<string, string> {
  const fields = resources.flatMap((resource) => [publicFields(resource.inputs), resource.outputs]);
  return {
    "types.ts": emitNestedTypes(fields),
    "args.ts": emitArgs(resources),
    ...Object.fromEntries(resources.map((resource) => [`${kebab(resource.token)}-outputs.ts`, emitOutputs(resource)])),
  };
}

function emitArgs(resources: readonly ResourceDefinition[]): string {
  const nested = nestedObjects(resources.map((resource) => publicFields(resource.inputs)));
  const parts = [
    `/** A host: a MeshNode, or the id and connection of one that another stack declares. */\nexport interface NodeLike {\n  readonly id: pulumi.Input<string>;\n  readonly connection: pulumi.Input<ConnectionArgs>;\n}\n`,
    ...resources.map((resource) => exportInterface(emitResourceArgs(resource))),
    ...nested.map(([name, doc, fields]) => exportInterface(emitInterface(`${name}Args`, doc, fields, argStyle))),
  ];
  return `${generatedNotice}\nimport type * as pulumi from "@pulumi/pulumi";\n\n${parts.join("\n")}`;
}

function emitResourceArgs(resource: ResourceDefinition): string {
  const lines = Object.entries(publicFields(resource.inputs)).flatMap(([key, field]) => {
    const type = referenceFields[`${resource.name}.${key}`] ?? argStyle.wrap(typeOf(field, argStyle));
    return [docComment(field, "  "), `  readonly ${key}${isArgOptional(key, field) ? "?" : ""}: ${type};`];
  });
  return `/** What a program declares of a ${resource.name}. */\ninterface ${resource.name}Args {\n${lines.join("\n")}\n}\n`;
}

/** `name` falls back to the resource's logical name. */
function isArgOptional(key: string, field: Field): boolean {
  return key === "name" || argStyle.isOptional(field);
}

function emitOutputs(resource: ResourceDefinition): string {
  const inputs = Object.entries(publicFields(resource.inputs));
  const outputs = Object.entries(resource.outputs);
  const lines = [...inputs, ...outputs].flatMap(([key, field]) => [
    docComment(field, "  "),
    `  declare readonly ${key}: pulumi.Output<${outputType(field)}>;`,
  ]);
  const types = [...inputs, ...outputs].map(([, field]) => outputType(field)).join(" ");
  const nested = nestedObjects([publicFields(resource.inputs), resource.outputs]).map(([name]) => name);
  const named = nested.filter((name) => new RegExp(`\\b${name}\\b`).test(types)).sort();
  return [
    generatedNotice,
    `import type * as pulumi from "@pulumi/pulumi";`,
    `import { ResourceBase } from "../resource-base";`,
    `import type { ${named.join(", ")} } from "./types";\n`,
    `/** Names of all that a program may read of a ${resource.name}; one that is not registered would be no Output. */`,
    `export const ${camel(resource.token)}OutputNames = ${JSON.stringify([...inputs, ...outputs].map(([key]) => key))} as const;\n`,
    `/** ${sentence(resource.doc)} Holds the typed outputs. */`,
    `export abstract class ${resource.name}Outputs extends ResourceBase {\n${lines.join("\n")}\n}\n`,
  ].join("\n");
}

function outputType(field: Field): string {
  return `${typeOf(field, plainStyle)}${plainStyle.isOptional(field) ? " | undefined" : ""}`;
}

/** What users write and see: the fields that the SDK fills itself are left out. */
function publicFields(fields: Fields): Fields {
  return Object.fromEntries(Object.entries(fields).filter(([, field]) => field.internal !== true));
}

function kebab(token: string): string {
  return token.replaceAll("_", "-");
}

function camel(token: string): string {
  return token.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
}
