// Holds a request's body against its verb's type: every mistake at once, unknown fields refused. Both servers call it.

import { inputError } from "../../model/errors";
import type { VerbBodies } from "../../protocol/bodies";
import type { VerbName } from "../../protocol/verbs";
import * as checks from "../generated/body-checks";

const byVerb: Readonly<Record<keyof VerbBodies, checks.BodyCheck>> = checks;

/** Refuses a body that is not of its verb. Error: INPUT_INVALID with the path of every field. */
export function checkBody(verb: VerbName, body: unknown): void {
  const check = verb in byVerb ? byVerb[verb as keyof VerbBodies] : undefined;
  if (check === undefined || check(body)) return;
  const problems = (check.errors ?? []).map((error) => ({
    field: fieldOf(error),
    message: error.message ?? "is not of its type",
  }));
  throw inputError(`The request ${verb}`, problems);
}

function fieldOf(error: checks.BodyError): string {
  const path = error.instancePath.slice(1).replaceAll("/", ".");
  const extra = error.params["additionalProperty"];
  return typeof extra === "string" ? [path, extra].filter((part) => part !== "").join(".") : path || "(body)";
}
