// Holds a request's body against its verb's type: every mistake at once, unknown fields refused. Both servers call it.

import { inputError } from "../../model/errors";
import type { VerbBodies } from "../../protocol/bodies";
import type { VerbName } from "../../protocol/verbs";
import * as checks from "../generated/body-checks";

const byVerb: Readonly<Record<keyof VerbBodies, checks.BodyCheck>> = checks;

/** What becomes of fields that the verb does not have: an error, or, from an agent of a newer protocol, they are taken out. */
export type UnknownFields = "refuse-unknown" | "drop-unknown";

/** Refuses a body that is not of its verb. Error: INPUT_INVALID with the path of every field. */
export function checkBody(verb: VerbName, body: unknown, unknown: UnknownFields = "refuse-unknown"): void {
  const check = verb in byVerb ? byVerb[verb as keyof VerbBodies] : undefined;
  if (check === undefined || check(body)) return;
  if (unknown === "drop-unknown") {
    for (const error of check.errors ?? []) dropUnknown(body, error);
    if (check(body)) return;
  }
  const problems = (check.errors ?? []).map((error) => ({
    field: fieldOf(error),
    message: error.message ?? "is not of its type",
  }));
  throw inputError(`The request ${verb}`, problems);
}

/** Kept, they would be handed on to agents of our own protocol, which refuse them. */
function dropUnknown(body: unknown, { instancePath, params }: checks.BodyError): void {
  const name = params["additionalProperty"];
  if (typeof name !== "string") return;
  let holder = body as Record<string, unknown> | undefined;
  for (const part of instancePath.split("/").slice(1)) holder = holder?.[part] as typeof holder;
  if (holder !== undefined) delete holder[name];
}

function fieldOf(error: checks.BodyError): string {
  const path = error.instancePath.slice(1).replaceAll("/", ".");
  const extra = error.params["additionalProperty"];
  return typeof extra === "string" ? [path, extra].filter((part) => part !== "").join(".") : path || "(body)";
}
