// An import id -> the inputs that find what it names. Two spellings: `[user@]host[:port]` with `/NAME` behind it where the
// resource is found by a name, or JSON where the way to the host has more to it.

import { connectionField } from "../../../schema/connection";
import type { ResourceDefinition } from "../../../schema/resource";
import { connectionNameOf } from "../../../schema/terraform/terraform-fields";
import type { Values } from "../../controller/handlers/handler-context";
import { LeeaError } from "../../model/errors";
import { asObject, asText } from "../../model/inputs/loose-values";
import { parseHost } from "../../model/inputs/parse-host";
import type { AttributeValue } from "../wire/unknown-attribute";
import { readAttributes } from "./read-attributes";

/** The inputs that the definition's `findBy` names. INPUT_INVALID where the id is of neither spelling. */
export function parseImportId(definition: ResourceDefinition, id: string): Values {
  const isNamed = definition.findBy.includes("name");
  const { connection, name } = id.trimStart().startsWith("{") ? parseJson(definition, id) : parsePlain(definition, id);
  if (connection === undefined || (name === undefined) === isNamed) throw refusal(definition, id);
  return { [connectionInput(definition)]: connection, ...(name === undefined ? {} : { name }) };
}

interface Parsed {
  readonly connection: Values | undefined;
  readonly name: string | undefined;
}

function parsePlain(definition: ResourceDefinition, id: string): Parsed {
  const slash = id.indexOf("/");
  const host = slash < 0 ? id : id.slice(0, slash);
  // Only what was written: the provider's own settings fill the rest.
  const { user, port, ...rest } = parseHost(host, {}, `import of a leea_${definition.token}`);
  const said = { ...(host.includes("@") ? { user } : {}), ...(/:\d+$/.test(host) ? { port } : {}) };
  return { connection: { ...rest, ...said }, name: slash < 0 ? undefined : id.slice(slash + 1) };
}

function parseJson(definition: ResourceDefinition, id: string): Parsed {
  try {
    const { ssh, ...rest } = asObject(JSON.parse(id));
    const way = typeof ssh === "object" && ssh !== null ? (ssh as AttributeValue) : undefined;
    const connection = way === undefined ? undefined : readAttributes(connectionField.fields, way);
    return { connection, name: asText(rest[definition.token]) };
  } catch {
    throw refusal(definition, id); // the parser's own message helps nobody
  }
}

/** The input that takes the way to the host. */
function connectionInput(definition: ResourceDefinition): string {
  const names = definition.findBy.map((name) => connectionNameOf(definition.inputs[name]) ?? name);
  return names.find((name) => asObject(definition.inputs[name])["name"] === connectionField.name) ?? "connection";
}

function refusal(definition: ResourceDefinition, id: string): LeeaError {
  const { findBy, token } = definition;
  const [plain, json] = findBy.includes("name")
    ? ["[user@]host[:port]/NAME-OR-ID", `{"ssh": {"host": …}, "${token}": NAME-OR-ID}`]
    : ["[user@]host[:port]", '{"ssh": {"host": …}}'];
  return new LeeaError({
    code: "INPUT_INVALID",
    message: `"${id}" is no import id of a leea_${token}`,
    hint: `Write ${plain}, or ${json} with the attributes of \`ssh\`.`,
  });
}
