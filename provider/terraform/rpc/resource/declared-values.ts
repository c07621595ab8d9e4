// A resource's values in one RPC, decoded once: its fields, its configuration, its prior state, and what the handler takes.

import type { Fields } from "../../../../schema/field";
import type { ResourceDefinition } from "../../../../schema/resource";
import { terraformResourceFields } from "../../../../schema/terraform/terraform-fields";
import type { KnownState, Values } from "../../../controller/handlers/handler-context";
import { asText } from "../../../model/inputs/loose-values";
import { unknownValue } from "../../../model/inputs/unknown-value";
import type { Provider } from "../../session/provider";
import { type BirthNames, birthNamesOf, readPrivate } from "../../values/private-bytes";
import { readAttributes } from "../../values/read-attributes";
import { handlerInputs, knownState } from "../../values/resource-values";
import { writeAttributes } from "../../values/write-attributes";
import { decodeDynamicValue, encodeDynamicValue } from "../../wire/dynamic-value";
import type { DynamicValue } from "../../wire/messages";

/** What a resource is known to be since its last apply or refresh. */
export interface PriorValues {
  readonly id: string;
  readonly values: Values;
  readonly known: KnownState;
  readonly birth: BirthNames;
}

/** The values of a state, plan or configuration; undefined where it is null. */
export function readValues(definition: ResourceDefinition, value: DynamicValue | null): Values | undefined {
  const decoded = decodeDynamicValue(value);
  return decoded === null ? undefined : readAttributes(terraformResourceFields(definition), decoded);
}

/** The same as bytes; null for what is gone. */
export function writeValues(fields: Fields, values: Values | undefined): DynamicValue {
  return encodeDynamicValue(values === undefined ? null : writeAttributes(fields, values));
}

/** The inputs that a handler is to check, with the names that a new one would be born with. */
export function declaredInputs(provider: Provider, definition: ResourceDefinition, config: Values): Values {
  const { owner, shared } = provider.settings;
  return {
    ...handlerInputs(definition, config, shared),
    ...birthNamesOf(definition, { owner, logicalName: asText(config["name"]) ?? unknownValue }),
  };
}

/** What the state says, and the bytes beside it. Undefined where there is no state. */
export function readPrior(
  provider: Provider,
  definition: ResourceDefinition,
  state: { readonly value: DynamicValue | null; readonly privateBytes: Uint8Array | null },
): PriorValues | undefined {
  const values = readValues(definition, state.value);
  if (values === undefined) return undefined;
  const { owner, shared } = provider.settings;
  // A state without our bytes was made by other hands: the names of today are the best guess.
  const birth = { owner, logicalName: asText(values["name"]) ?? "", ...readPrivate(state.privateBytes).birth };
  return { id: asText(values["id"]) ?? "", values, birth, known: knownState(definition, values, birth, shared) };
}
