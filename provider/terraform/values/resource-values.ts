// A resource's values as Terraform has them (in our spelling), and as a handler has them: a host is one value there and
// two inputs here; id and timeouts are the door's own.

import type { Fields } from "../../../schema/field";
import type { ResourceDefinition } from "../../../schema/resource";
import { connectionNameOf, terraformInputs } from "../../../schema/terraform/terraform-fields";
import type { KnownState, Values } from "../../controller/handlers/handler-context";
import { validateInputs } from "../../controller/handlers/validate-inputs";
import { asObject } from "../../model/inputs/loose-values";
import { isUnknown } from "../../model/inputs/unknown-value";
import { readHostIds, showHostIds } from "./host-ids";
import { type BirthNames, birthNamesOf } from "./private-bytes";
import { fillConnections, knownPart, type SharedConnection } from "./shared-connection";

/** What a handler takes: each host as its id and, in the field that the schema names, the way to it. */
export function handlerInputs(definition: ResourceDefinition, values: Values, shared: SharedConnection): Values {
  const inputs = Object.keys(terraformInputs(definition)).flatMap((name): (readonly [string, unknown])[] => {
    const connectionName = connectionNameOf(definition.inputs[name]);
    const value = values[name];
    if (value === undefined) return [];
    if (connectionName === undefined) return [[name, readHostIds(definition.inputs[name], value)]];
    const { id, connection } = isUnknown(value) ? { id: value, connection: value } : asObject(value);
    return [
      [name, id],
      [connectionName, connection],
    ];
  });
  return fillConnections(definition.inputs, withoutAbsent(inputs), shared);
}

/** What a state or a plan shows of a handler's inputs. */
export function shownInputs(definition: ResourceDefinition, inputs: Values): Values {
  return withoutAbsent(
    Object.keys(terraformInputs(definition)).map((name) => {
      const connectionName = connectionNameOf(definition.inputs[name]);
      if (connectionName === undefined || inputs[name] === undefined)
        return [name, showHostIds(definition.inputs[name], inputs[name])];
      const [id, connection] = [inputs[name], inputs[connectionName]];
      return [name, isUnknown(id) && isUnknown(connection) ? id : { id, connection }];
    }),
  );
}

/** The state that a handler is given: inputs with the names of the birth, and outputs. */
export function knownState(
  definition: ResourceDefinition,
  values: Values,
  birth: BirthNames,
  shared: SharedConnection,
): KnownState {
  const declared = { ...handlerInputs(definition, values, knownPart(shared)), ...birthNamesOf(definition, birth) };
  return {
    // A state that was imported, or is older than a default, has it all the same.
    inputs: validateInputs(definition, declared).values,
    outputs: pick(definition.outputs, values),
  };
}

/** The values of the given fields. */
export function pick(fields: Fields, values: Values): Values {
  return Object.fromEntries(Object.entries(values).filter(([name]) => Object.hasOwn(fields, name)));
}

function withoutAbsent(entries: readonly (readonly [string, unknown])[]): Values {
  return Object.fromEntries(entries.filter(([, value]) => value !== undefined));
}
