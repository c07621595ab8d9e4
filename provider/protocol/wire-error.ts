// A LeeaError to and from JSON, with the chain of its causes as text.

import { type ErrorCode, errorCodes, LeeaError } from "../model/errors";
import type { WireError } from "./operation";

/** Any thrown thing as it goes over the wire. What is not a LeeaError becomes INTERNAL. */
export function toWireError(error: unknown): WireError {
  const causes: string[] = [];
  let cause = error instanceof Error ? error.cause : undefined;
  while (cause instanceof Error && causes.length < 8) {
    causes.push(cause.message);
    cause = cause.cause;
  }
  const base = {
    message: error instanceof Error ? error.message : String(error),
    ...(causes.length > 0 ? { causes } : {}),
  };
  if (!(error instanceof LeeaError))
    return { ...base, code: "INTERNAL", hint: "This is a defect in leea; please report it with the agent's log." };
  return {
    ...base,
    code: error.code,
    ...(error.hint === undefined ? {} : { hint: error.hint }),
    ...(error.details === undefined ? {} : { details: error.details }),
  };
}

/** The error that came over the wire. An unknown code, from a newer side, becomes INTERNAL with the message kept. */
export function fromWireError(wire: WireError): LeeaError {
  let cause: Error | undefined;
  for (const message of [...(wire.causes ?? [])].reverse()) cause = new Error(message, { cause });
  const code: ErrorCode = wire.code in errorCodes ? wire.code : "INTERNAL";
  return new LeeaError({ code, message: wire.message, hint: wire.hint, details: wire.details, cause });
}
