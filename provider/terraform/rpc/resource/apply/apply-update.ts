// Changes a resource in place.

import { terraformResourceFields } from "../../../../../schema/terraform/terraform-fields";
import { settleState } from "../../../planning/settle-state";
import { writePrivate } from "../../../values/private-bytes";
import { shownInputs } from "../../../values/resource-values";
import type { ApplyResponse } from "../../../wire/messages";
import { type PriorValues, writeValues } from "../declared-values";
import { type Applying, checkedInputs } from "./applying";

/** The answer. Throws where the update failed: the state stays what it was. */
export async function applyUpdate(applying: Applying, prior: PriorValues): Promise<ApplyResponse> {
  const { handler, context, planned } = applying;
  const { definition } = handler;
  const { id, known, birth } = prior;
  const inputs = await checkedInputs(applying, known.inputs);
  const state = await handler.update(id, known, inputs, context);
  const reported = { ...shownInputs(definition, state.inputs), ...state.outputs, id };
  const newState = writeValues(terraformResourceFields(definition), settleState(planned, reported));
  return { newState, private: writePrivate(birth) };
}
