// GetProviderSchema: the schema from the definitions, and what this provider can do.

import { resources } from "../../../../schema/index";
import type { TerraformAttribute, TerraformAttributes } from "../../../../schema/terraform/emit-attributes";
import { emitTerraform, type TerraformSchema } from "../../../../schema/terraform/emit-terraform";

const nestingModes = { single: 1, list: 2, map: 4 } as const;
const plainText = 0;

/** We plan a destroy, take states from other addresses, and need no schema call in each process that Terraform starts. */
const serverCapabilities = { planDestroy: true, getProviderSchemaOptional: true, moveResourceState: true };

/** The answer. */
export function getProviderSchema(): Promise<object> {
  const { provider, resource_schemas, data_source_schemas } = emitTerraform(resources);
  return Promise.resolve({
    provider: schemaMessage(provider),
    resourceSchemas: mapValues(resource_schemas, schemaMessage),
    dataSourceSchemas: mapValues(data_source_schemas, schemaMessage),
    serverCapabilities,
  });
}

/** GetMetadata: the names alone. */
export function getMetadata(): Promise<object> {
  const { resource_schemas, data_source_schemas } = emitTerraform(resources);
  const named = (schemas: object) => Object.keys(schemas).map((typeName) => ({ typeName }));
  return Promise.resolve({
    serverCapabilities,
    resources: named(resource_schemas),
    dataSources: named(data_source_schemas),
  });
}

function schemaMessage({ version, block }: TerraformSchema): object {
  const { attributes, description } = block;
  return {
    version,
    block: { version, attributes: attributeMessages(attributes), description, descriptionKind: plainText },
  };
}

function attributeMessages(attributes: TerraformAttributes): object[] {
  return Object.entries(attributes).map(([name, attribute]) => attributeMessage(name, attribute));
}

function attributeMessage(name: string, attribute: TerraformAttribute): object {
  const { type, nested_type, description, required, optional, computed, sensitive } = attribute;
  const shape =
    nested_type === undefined
      ? { type: Buffer.from(JSON.stringify(type)) }
      : {
          nestedType: {
            attributes: attributeMessages(nested_type.attributes),
            nesting: nestingModes[nested_type.nesting_mode],
          },
        };
  const presence = { required: required === true, optional: optional === true, computed: computed === true };
  return { name, ...shape, description, descriptionKind: plainText, ...presence, sensitive: sensitive === true };
}

function mapValues<T, U>(values: Readonly<Record<string, T>>, change: (value: T) => U): Record<string, U> {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, change(value)]));
}
