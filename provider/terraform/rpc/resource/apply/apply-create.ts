// Creates a resource. What it answers when that fails decides what Terraform does next: a state beside an error is tainted,
// so deleted and made anew by the next apply; no state is made again, or adopted.

import type { ResourceDefinition } from "../../../../../schema/resource";
import { terraformResourceFields } from "../../../../../schema/terraform/terraform-fields";
import type { Values } from "../../../../controller/handlers/handler-context";
import { describeError, isLeeaError, LeeaError } from "../../../../model/errors";
import { settleState } from "../../../planning/settle-state";
import { errorDiagnostics, warningOf } from "../../../session/diagnostics";
import { birthNamesOf, writePrivate } from "../../../values/private-bytes";
import { shownInputs } from "../../../values/resource-values";
import type { ApplyResponse, DynamicValue } from "../../../wire/messages";
import { writeValues } from "../declared-values";
import { type Applying, checkedInputs } from "./applying";

/** What is on a host although the create has not ended well. */
interface Left {
  readonly id: string;
  readonly isAdopted: boolean;
}

/** The answer. Throws where nothing was made. */
export async function applyCreate(applying: Applying): Promise<ApplyResponse> {
  const { handler, context, provider } = applying;
  const { definition } = handler;
  const inputs = await checkedInputs(applying, undefined);
  const birth = writePrivate(birthNamesOf(definition, inputs));
  const onHost: { left?: Left } = {};
  try {
    const { id, outputs } = await handler.create(inputs, context, (reached, isAdopted) => {
      onHost.left = { id: reached, isAdopted };
    });
    provider.settings.createdIds.add(id);
    const newState = stateOf(applying, inputs, { id, ...outputs });
    return { newState, private: birth, diagnostics: adoptionNote(definition, inputs, onHost.left) };
  } catch (error) {
    const { left } = onHost;
    // What was there before this create must not be tainted: the next apply would delete it with its data.
    if (left === undefined || left.isAdopted) throw error;
    return { newState: stateOf(applying, inputs, { id: left.id }), private: birth, ...whyUnfinished(applying, error) };
  }
}

function stateOf({ handler, planned }: Applying, inputs: Values, reported: Values): DynamicValue {
  const { definition } = handler;
  const settled = settleState(planned, { ...shownInputs(definition, inputs), ...reported });
  return writeValues(terraformResourceFields(definition), settled);
}

/** Stopped by the user is no failure of what the host goes on with; anything else taints it. */
function whyUnfinished({ provider, end }: Applying, error: unknown): Pick<ApplyResponse, "diagnostics"> {
  if (isReason(error, provider.stop.signal)) return { diagnostics: warningOf(describeError(error).split("\n")) };
  // Nobody has said that it failed: perhaps it runs by now. An error is due all the same, and by that Terraform taints it.
  if (isReason(error, end) || isLeeaError(error, "HOST_UNREACHABLE") || isLeeaError(error, "AGENT_NOT_ANSWERING")) {
    const { code, message } = error;
    return { diagnostics: errorDiagnostics(new LeeaError({ code, message, hint: keepAdvice })) };
  }
  const [first, ...rest] = errorDiagnostics(error);
  if (first === undefined) return { diagnostics: rest };
  return {
    diagnostics: [{ ...first, detail: [first.detail, mendAdvice].filter((text) => text !== "").join("\n") }, ...rest],
  };
}

const keepAdvice =
  "The host may still go on with it. It is kept in the state as tainted: run `terraform untaint` on it and apply again to follow it to its end; without that the next apply deletes what is there and makes it anew.";

const mendAdvice =
  "It is kept in the state as tainted: the next apply deletes what is there and makes it anew; after `terraform untaint` it completes it.";

/** A signal's own reason: every call of a host fails with it. */
function isReason(error: unknown, signal: AbortSignal): error is LeeaError {
  return signal.aborted && error === signal.reason;
}

function adoptionNote({ name: kind }: ResourceDefinition, inputs: Values, left: Left | undefined) {
  if (left?.isAdopted !== true) return [];
  return warningOf([
    `${String(inputs["name"])}: existed already and was adopted`,
    `A ${kind} of this owner and name was on its host: of an apply that was cut off, or of another configuration with the same owner, which then no longer has it.`,
  ]);
}
