// The definitions as a Terraform user sees them: what an SDK fills is not there, a host is one value of its id and the way
// to it, and every resource has an id and timeouts. Field names stay ours; attribute-name.ts spells them.

import { connectionField } from "../connection";
import type { Field, Fields, ObjectField } from "../field";
import type { ResourceDefinition } from "../resource";

/** The operations that `timeouts` bounds. */
const timedOperations = ["create", "update", "delete"] as const;

/** Everything of a resource, in the order of its definition. Computed are its outputs and its id. */
export const terraformResourceFields = onceFor((resource: ResourceDefinition): Fields => {
  return { id: idField, ...terraformInputs(resource), timeouts: timeoutsField, ...resource.outputs };
});

/** Everything of a data source. The user gives what finds it; all else is read. */
export function terraformDataFields(resource: ResourceDefinition): Fields {
  const inputs = Object.entries(terraformInputs(resource)).map(([name, field]) =>
    resource.findBy.includes(name) ? [name, field] : [name, { ...field, computed: true }],
  );
  return { id: idField, ...(Object.fromEntries(inputs) as Fields), ...resource.outputs };
}

/** The inputs, hosts as one value each. */
export const terraformInputs = onceFor((resource: ResourceDefinition): Fields => {
  const shown = Object.entries(resource.inputs).filter(([, field]) => field.internal !== true);
  return Object.fromEntries(shown.map(([name, field]) => [name, asHost(field) ?? withHostIds(field)]));
});

/** Fields that follow from a definition are made once: a run of hundreds of resources asks for them thousands of times. */
function onceFor(make: (resource: ResourceDefinition) => Fields): (resource: ResourceDefinition) => Fields {
  const made = new WeakMap<ResourceDefinition, Fields>();
  return (resource) => {
    const known = made.get(resource) ?? make(resource);
    made.set(resource, known);
    return known;
  };
}

/** The name of the internal field that holds the way to this host; undefined where the field is no host. */
export function connectionNameOf(field: Field | undefined): string | undefined {
  return field?.type === "string" ? field.connectionIn : undefined;
}

const idField: Field = { type: "string", doc: "id, the same as long as it exists", computed: true };

const timeoutsField: Field = {
  type: "object",
  name: "Timeouts",
  doc: "how long an operation may be waited for; absent means as long as it takes. The host's own work is never broken off by it",
  optional: true,
  fields: Object.fromEntries(
    timedOperations.map((name) => [
      name,
      { type: "quantity", quantity: "duration", doc: `longest time of one ${name}`, optional: true, minimum: "1s" },
    ]),
  ),
};

/** What every connection may leave to the provider's own settings. */
export const sharedConnectionFields: Fields = Object.fromEntries(
  Object.entries(connectionField.fields).filter(([, field]) => field.sharedByHosts === true),
);

/** The provider's own settings; `credentials` is beside them, because it has names of the user's. */
export const providerFields: Fields = {
  owner: {
    type: "string",
    doc: 'who declares the resources, such as "organization/project/stack"; of two configurations with one owner, each must have names of its own',
    maxLength: 300,
    pattern: "^.+$",
    patternHint: "a text that is not empty",
  },
  ssh: {
    type: "object",
    name: "SharedConnection",
    doc: "what every `ssh` of a host has that does not say otherwise",
    optional: true,
    fields: sharedConnectionFields,
  },
};

/** One entry of the provider's `credentials`. */
export const credentialFields: Fields = {
  privateKey: { type: "string", doc: "private key in PEM or OpenSSH form", secret: true },
  passphrase: { type: "string", doc: "passphrase of the key", secret: true, optional: true },
};

function asHost(field: Field): ObjectField | undefined {
  if (connectionNameOf(field) === undefined) return undefined;
  const { doc, change, ...id } = field;
  const host = { type: "object", name: "NodeReference", doc: hostDoc(doc) } as const;
  const fields: Fields = { id: { ...id, doc: "the host's node id" }, connection: connectionField };
  return { ...host, fields, ...(change === undefined ? {} : { change }) };
}

/** The field with each host's id in it as an object of that id: what another resource shows as its `node` fits in there. */
function withHostIds(field: Field): Field {
  if (field.type === "list") return { ...field, items: withHostIds(field.items) };
  if (field.type === "object")
    return {
      ...field,
      fields: Object.fromEntries(Object.entries(field.fields).map(([name, inner]) => [name, withHostIds(inner)])),
    };
  if (field.type !== "string" || field.isNodeId !== true) return field;
  const { doc, change, optional, computed, isNodeId: _, ...id } = field;
  return {
    type: "object",
    name: "NodeId",
    doc: doc.replace(/^id of /, ""),
    fields: { id: { ...id, doc: "the host's node id" } },
    ...(change === undefined ? {} : { change }),
    ...(optional === undefined ? {} : { optional }),
    ...(computed === undefined ? {} : { computed }),
  };
}

/** "id of the host that …" is of the host here. */
function hostDoc(doc: string): string {
  return `${doc.replace(/^id of /, "")}: a \`leea_mesh_node\`, or its \`id\` and \`ssh\``;
}
