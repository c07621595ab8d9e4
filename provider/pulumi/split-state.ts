// Pulumi keeps one bag of properties a resource, in which inputs and outputs lie together beside the serialized provider.
// Splits that bag by the schema's names and puts it together again.

import type { ResourceDefinition } from "../../schema/resource";
import type { KnownState, Values } from "../controller/handlers/handler-context";

/** Where Pulumi's Node SDK keeps the text of the dynamic provider. */
export const providerKey = "__provider";

/** The declared values only: without Pulumi's own entry. Unknown names stay, so that they can be refused. */
export function declaredOf(properties: Values): Values {
  return Object.fromEntries(Object.entries(properties).filter(([name]) => name !== providerKey));
}

/** What the schema names an input, and what it names an output. The rest is dropped. */
export function splitState(definition: ResourceDefinition, properties: Values): KnownState {
  const pick = (names: object): Values =>
    Object.fromEntries(
      Object.entries(properties).filter(([name, value]) => name in names && value !== null && value !== undefined),
    );
  return { inputs: pick(definition.inputs), outputs: pick(definition.outputs) };
}

/** One bag again, for Pulumi to store. */
export function joinState(state: KnownState): Record<string, unknown> {
  return { ...state.inputs, ...state.outputs };
}
