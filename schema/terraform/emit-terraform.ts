// Definitions -> the provider's schema: its own settings, resources and data sources. The same object is what
// `terraform providers schema -json` prints of the provider and what the provider answers over gRPC.

import type { ResourceDefinition } from "../resource";
import { emitAttributes, type TerraformAttribute, type TerraformAttributes } from "./emit-attributes";
import { credentialFields, providerFields, terraformDataFields, terraformResourceFields } from "./terraform-fields";

/** A schema with its version; a state of an older version is upgraded before it is read. */
export interface TerraformSchema {
  readonly version: number;
  readonly block: {
    readonly attributes: TerraformAttributes;
    readonly description: string;
    readonly description_kind: "plain";
  };
}

/** Everything that the provider can be asked for. */
export interface TerraformProviderSchema {
  readonly provider: TerraformSchema;
  readonly resource_schemas: Readonly<Record<string, TerraformSchema>>;
  readonly data_source_schemas: Readonly<Record<string, TerraformSchema>>;
}

/** Version of every schema: raised when a field is renamed or changes its type, never when one is added. */
export const terraformSchemaVersion = 0;

/** Where Terraform looks for `leea/leea`. */
const providerAddress = "registry.terraform.io/leea/leea";

/** `leea_mesh_node` for `mesh_node`. */
export function terraformTypeName(resource: ResourceDefinition): string {
  return `leea_${resource.token}`;
}

/** The whole schema. */
export function emitTerraform(resources: readonly ResourceDefinition[]): TerraformProviderSchema {
  const byName = (emit: (resource: ResourceDefinition) => TerraformAttributes) =>
    Object.fromEntries(
      resources.map((resource) => [terraformTypeName(resource), schemaOf(emit(resource), resource.doc)]),
    );
  return {
    provider: schemaOf(providerAttributes(), "Virtual machines on plain hosts that move live by a changed line."),
    resource_schemas: byName((resource) => emitAttributes(terraformResourceFields(resource), "user")),
    data_source_schemas: byName((resource) => emitAttributes(terraformDataFields(resource), "user")),
  };
}

/** What `terraform providers schema -json` prints. */
export function emitTerraformJson(resources: readonly ResourceDefinition[]): string {
  const schemas = { format_version: "1.0", provider_schemas: { [providerAddress]: emitTerraform(resources) } };
  return `${JSON.stringify(schemas, null, 2)}\n`;
}

function schemaOf(attributes: TerraformAttributes, description: string): TerraformSchema {
  return { version: terraformSchemaVersion, block: { attributes, description, description_kind: "plain" } };
}

const credentials: TerraformAttribute = {
  nested_type: { attributes: emitAttributes(credentialFields, "settings"), nesting_mode: "map" },
  description:
    "Private keys by the name that `identity` says; also from LEEA_CREDENTIALS, a JSON object. Never in a state.",
  description_kind: "plain",
  optional: true,
  sensitive: true,
};

function providerAttributes(): TerraformAttributes {
  return { ...emitAttributes(providerFields, "settings"), credentials };
}
