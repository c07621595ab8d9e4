// Operation ids that a second run finds again: from what is wanted, so that a program that died re-attaches to the work
// that still runs. Ended work is never replayed: a retry after a failure, or the same wish a second time, is new work.

import { createHash } from "node:crypto";
import { isLeeaError } from "../../model/errors";
import type { HostSession } from "../host-session";

/** The id of the running operation for this wish, or the first one that is free. `wish` is JSON. */
export async function chooseOperationId(session: HostSession, kind: string, wish: unknown): Promise<string> {
  const stem = stemOf(kind, wish);
  for (let attempt = 1; ; attempt++) {
    const operationId = `${stem}-${attempt}`;
    if (!(await hasEnded(session, operationId))) return operationId;
  }
}

/** Fits every id that this wish has had or may get. */
export function operationIdsOf(kind: string, wish: unknown): RegExp {
  return new RegExp(`^${stemOf(kind, wish)}-[0-9]+$`);
}

function stemOf(kind: string, wish: unknown): string {
  const digest = createHash("sha256")
    .update(JSON.stringify([kind, wish]))
    .digest("hex");
  return `${kind}-${digest.slice(0, 24)}`;
}

async function hasEnded(session: HostSession, operationId: string): Promise<boolean> {
  try {
    const operation = await session.call("getOperation", { params: { operationId } });
    return operation.state !== "running";
  } catch (error) {
    if (isLeeaError(error, "NOT_FOUND")) return false;
    throw error;
  }
}
