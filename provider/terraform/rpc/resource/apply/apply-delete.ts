// Deletes a resource.

import { warningOf } from "../../../session/diagnostics";
import { encodeDynamicValue } from "../../../wire/dynamic-value";
import type { ApplyResponse } from "../../../wire/messages";
import type { PriorValues } from "../declared-values";
import type { Applying } from "./applying";

/** The answer: null when it is gone. Throws where it is not. */
export async function applyDelete(
  { handler, context, provider }: Applying,
  prior: PriorValues,
): Promise<ApplyResponse> {
  const { id, known } = prior;
  const gone = { newState: encodeDynamicValue(null) };
  if (provider.settings.createdIds.has(id)) {
    // create_before_destroy, or a block under a new address without `moved`: the same thing stands in the state anew.
    const line = `${String(known.inputs["name"])}: is not deleted, because this run has just adopted it`;
    return { ...gone, diagnostics: warningOf([line]) };
  }
  await handler.delete(id, known, context);
  return gone;
}
