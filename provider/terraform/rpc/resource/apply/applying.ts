// What every apply has at hand.

import type { HandlerContext, ResourceHandler, Values } from "../../../../controller/handlers/handler-context";
import { inputError } from "../../../../model/errors";
import { asText } from "../../../../model/inputs/loose-values";
import type { Provider } from "../../../session/provider";
import { declaredInputs } from "../declared-values";

/** One apply. `planned` is empty for a delete; `birthBytes` are the state's private bytes as they are before it. */
export interface Applying {
  readonly provider: Provider;
  readonly handler: ResourceHandler;
  readonly context: HandlerContext;
  /** Says when this operation is not waited for any longer, and why. */
  readonly end: AbortSignal;
  readonly config: Values;
  readonly planned: Values;
  readonly birthBytes: Uint8Array;
}

/** The declared inputs, checked once more now that everything is known. INPUT_INVALID. */
export async function checkedInputs(
  { provider, handler, context, config }: Applying,
  previous: Values | undefined,
): Promise<Values> {
  const declared = declaredInputs(provider, handler.definition, config);
  const { inputs, problems } = await handler.check(declared, previous, context);
  if (problems.length === 0) return inputs;
  throw inputError(`${handler.definition.name} "${asText(config["name"]) ?? ""}"`, problems);
}
