// What follows from the definitions, as file path to text. Pure and deterministic: the same definitions give the same
// bytes. Whoever calls it writes the files or compares them with what is committed.

import { emitDocs } from "./emit-docs";
import { emitJsonSchema } from "./emit-json-schema";
import { emitPulumiSdk } from "./emit-pulumi";
import { emitPlainTypes } from "./emit-types";
import { resources } from "./index";
import { emitRegistryPages } from "./terraform/emit-registry-pages";
import { emitTerraformJson } from "./terraform/emit-terraform";

/** Every generated file: path relative to the repository, and its text. */
export function generateFiles(): Record<string, string> {
  const files: Record<string, string> = {
    "schema/generated/declared.ts": emitPlainTypes(resources, exportedTypes()),
    "schema/generated/terraform.json": emitTerraformJson(resources),
    ...emitRegistryPages(resources),
  };
  for (const resource of resources) {
    const name = resource.token.replaceAll("_", "-");
    files[`schema/generated/${name}.schema.json`] = `${JSON.stringify(emitJsonSchema(resource), null, 2)}\n`;
    files[`docs/reference/${name}.md`] = emitDocs(resource);
  }
  for (const [name, text] of Object.entries(emitPulumiSdk(resources))) files[`sdk/pulumi/src/generated/${name}`] = text;
  return files;
}

function exportedTypes(): string[] {
  return resources.flatMap((resource) => [`${resource.name}Inputs`, `${resource.name}Outputs`]);
}
