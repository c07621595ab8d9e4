// What a plan shows for the outputs: unknown where the apply may change them, else as the prior state has them.

import type { Fields } from "../../../schema/field";
import type { ResourceDefinition } from "../../../schema/resource";
import { terraformInputs } from "../../../schema/terraform/terraform-fields";
import type { Values } from "../../controller/handlers/handler-context";
import { findChanges } from "../../model/changes/same-value";
import { unknownValue } from "../../model/inputs/unknown-value";

/** The outputs of what does not exist yet, its id among them. */
export function planNewOutputs(definition: ResourceDefinition): Values {
  return Object.fromEntries(["id", ...Object.keys(definition.outputs)].map((name) => [name, unknownValue]));
}

/** The outputs after an update: an output that names its inputs stays known while none of them changes. */
export function planChangedOutputs(definition: ResourceDefinition, prior: Values, planned: Values): Values {
  const changed = changedInputs(terraformInputs(definition), prior, planned);
  const outputs = Object.entries(definition.outputs).map(([name, { changesWith }]) => {
    const isKept = prior[name] !== undefined && changesWith?.every((input) => !changed.has(input)) === true;
    return [name, isKept ? prior[name] : unknownValue];
  });
  return { id: prior["id"], ...Object.fromEntries(outputs) };
}

/** The top names of what differs in meaning. */
function changedInputs(fields: Fields, prior: Values, planned: Values): ReadonlySet<string> {
  return new Set(findChanges(fields, prior, planned).map(({ field }) => field.replace(/[.[].*$/, "")));
}
