// Definitions -> the pages that a Terraform registry shows, in its layout and front matter, and the examples that stand in
// them as files of their own (https://developer.hashicorp.com/terraform/registry/providers/docs).

import { meanings } from "../emit-docs";
import { sentence } from "../emit-types";
import type { Fields } from "../field";
import type { ResourceDefinition } from "../resource";
import { attributeDoc } from "./attribute-doc";
import { emitFieldLists } from "./emit-field-lists";
import { terraformTypeName } from "./emit-terraform";
import { providerExample, type ResourceExample, resourceExamples } from "./examples";
import { emitProviderPage } from "./provider-page";
import { terraformDataFields, terraformResourceFields } from "./terraform-fields";

interface Page {
  readonly type: string;
  readonly kind: "Resource" | "Data Source";
  readonly doc: string;
  readonly example: string;
  readonly fields: Fields;
  readonly rest: readonly string[];
}

/** Paths from the repository's root to texts: pages below docs/, examples below examples/. Throws on a missing example. */
export function emitRegistryPages(resources: readonly ResourceDefinition[]): Record<string, string> {
  const files: Record<string, string> = {
    "docs/index.md": emitProviderPage(),
    "examples/provider/provider.tf": providerExample,
  };
  for (const resource of resources) {
    const example = exampleOf(resource);
    const type = terraformTypeName(resource);
    files[`docs/resources/${resource.token}.md`] = emitPage(resourcePage(resource, example));
    files[`docs/data-sources/${resource.token}.md`] = emitPage(dataSourcePage(resource, example));
    files[`examples/resources/${type}/resource.tf`] = example.resource;
    files[`examples/resources/${type}/import.sh`] = importCommand(type, example);
    files[`examples/data-sources/${type}/data-source.tf`] = example.dataSource;
  }
  return files;
}

function exampleOf(resource: ResourceDefinition): ResourceExample {
  const example = resourceExamples[resource.token];
  if (example === undefined) throw new TypeError(`schema/terraform/examples.ts has none for ${resource.token}`);
  return example;
}

function resourcePage(resource: ResourceDefinition, example: ResourceExample): Page {
  const type = terraformTypeName(resource);
  const changes = `## What a change does\n\n${attributeDoc(meanings())}`;
  const doc = attributeDoc(resource.doc);
  const fields = terraformResourceFields(resource);
  return {
    type,
    kind: "Resource",
    doc,
    example: example.resource,
    fields,
    rest: [changes, importWords(type, example)],
  };
}

function dataSourcePage(resource: ResourceDefinition, example: ResourceExample): Page {
  const type = terraformTypeName(resource);
  const doc = sentence(`What the host reports of a \`${type}\` that exists already`);
  return {
    type,
    kind: "Data Source",
    doc,
    example: example.dataSource,
    fields: terraformDataFields(resource),
    rest: [],
  };
}

function emitPage({ type, kind, doc, example, fields, rest }: Page): string {
  return [
    `---\npage_title: "${type} ${kind} - leea"\nsubcategory: ""\ndescription: |-\n  ${doc}\n---`,
    "<!-- Generated from schema/ by `npm run generate`; never edited by hand. -->",
    `# ${type} (${kind})`,
    doc,
    `## Example Usage\n\n\`\`\`terraform\n${example}\`\`\``,
    "## Schema",
    emitFieldLists(fields, kind === "Resource" ? "told" : "none"),
    ...rest,
    "",
  ]
    .join("\n\n")
    .trimEnd()
    .concat("\n");
}

function importWords(type: string, example: ResourceExample): string {
  const block = `import {\n  to = ${addressOf(type, example)}\n  id = "${example.importId}"\n}\n`;
  return [
    "## Import",
    "What exists already is imported by the way to a host that has it, and for a VM or a GPU partition by its name or id;",
    "where the way has more than user, host and port, by JSON. `terraform plan -generate-config-out=FILE` writes the",
    "configuration.",
    `\n\`\`\`terraform\n${block}\`\`\`\n\n\`\`\`shell\n${importCommand(type, example)}\`\`\``,
  ]
    .join("\n")
    .replace("## Import\n", "## Import\n\n");
}

function importCommand(type: string, example: ResourceExample): string {
  return `terraform import ${addressOf(type, example)} ${example.importId}\n`;
}

/** The address of the first resource of the example. */
function addressOf(type: string, { resource }: ResourceExample): string {
  return `${type}.${/" "([^"]+)" \{/.exec(resource)?.[1] ?? ""}`;
}
