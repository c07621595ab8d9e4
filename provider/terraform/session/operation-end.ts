// When an operation is not waited for any longer: when Terraform stops the provider, or when the resource's own timeout has
// passed. The host's work goes on either way.

import type { Values } from "../../controller/handlers/handler-context";
import { LeeaError } from "../../model/errors";
import { asObject, asText } from "../../model/inputs/loose-values";
import { parseQuantity } from "../../model/inputs/parse-quantity";

/** The operations that have a timeout of their own. */
export type TimedOperation = "create" | "update" | "delete";

/** The signal, and what ends its clock. */
export interface OperationEnd {
  readonly signal: AbortSignal;
  readonly release: () => void;
}

/** The end of one operation of a resource whose values these are. The signal's reason is CANCELLED or TIMED_OUT. */
export function operationEnd(stop: AbortSignal, values: Values, operation: TimedOperation): OperationEnd {
  const text = asText(asObject(values["timeouts"])[operation]);
  const parsed = text === undefined ? undefined : parseQuantity(text, "duration");
  if (text === undefined || parsed?.ok !== true) return { signal: stop, release: () => undefined };
  const deadline = new AbortController();
  const timer = setTimeout(() => deadline.abort(timedOut(operation, text)), Math.min(parsed.value, longestTimerMs));
  return { signal: AbortSignal.any([stop, deadline.signal]), release: () => clearTimeout(timer) };
}

/** Longer than Node's timers count, 24 days, is as good as that. */
const longestTimerMs = 2 ** 31 - 1;

/** The reason of a provider that Terraform has stopped. */
export function stoppedError(): LeeaError {
  return new LeeaError({
    code: "CANCELLED",
    message: "Interrupted: what the host was given to do, it goes on doing",
    hint: "Run `terraform apply` again: it finds that work and follows it to its end.",
  });
}

function timedOut(operation: TimedOperation, text: string): LeeaError {
  return new LeeaError({
    code: "TIMED_OUT",
    message: `The ${operation} took longer than timeouts.${operation} (${text}); the host goes on with it`,
    hint: "Allow more time. For a change or a delete, run `terraform apply` again: it follows the host's work to its end.",
  });
}
