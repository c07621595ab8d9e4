// ApplyResourceChange: makes, changes or deletes, and answers with the state that is true afterwards, whatever happened.

import type { Values } from "../../../controller/handlers/handler-context";
import { errorDiagnostics } from "../../session/diagnostics";
import { operationEnd, type TimedOperation } from "../../session/operation-end";
import { contextFor, handlerOf, type Provider } from "../../session/provider";
import { createRpcReport } from "../../session/rpc-report";
import { readPrivate, writePrivate } from "../../values/private-bytes";
import type { ApplyRequest, ApplyResponse } from "../../wire/messages";
import { applyCreate } from "./apply/apply-create";
import { applyDelete } from "./apply/apply-delete";
import { applyUpdate } from "./apply/apply-update";
import type { Applying } from "./apply/applying";
import { readPrior, readValues } from "./declared-values";

/** The answer. A create that left something gives a state beside its error, and is tainted by that. */
export async function applyResourceChange(provider: Provider, request: ApplyRequest): Promise<ApplyResponse> {
  const { definition } = handlerOf(request.typeName);
  const prior = readPrior(provider, definition, {
    value: request.priorState,
    privateBytes: request.plannedPrivate,
  });
  const planned = readValues(definition, request.plannedState);
  const operation = prior === undefined ? "create" : planned === undefined ? "delete" : "update";
  const values = (operation === "delete" ? prior?.values : planned) ?? {};
  return within(provider, request, { operation, values, planned }, async (applying) => {
    if (prior === undefined) return applyCreate(applying);
    if (planned === undefined) return applyDelete(applying, prior);
    if (readPrivate(request.plannedPrivate).isUnchanged) return unchanged(applying, request);
    return applyUpdate(applying, prior);
  });
}

/** The handler saw nothing to do: only what stands in the state is new. */
function unchanged({ birthBytes }: Applying, request: ApplyRequest): ApplyResponse {
  return { ...(request.plannedState === null ? {} : { newState: request.plannedState }), private: birthBytes };
}

/** What is applied. `values` are those whose timeouts hold: the state's own where it is deleted. */
interface Wanted {
  readonly operation: TimedOperation;
  readonly values: Values;
  readonly planned: Values | undefined;
}

async function within(
  provider: Provider,
  request: ApplyRequest,
  { operation, values, planned = {} }: Wanted,
  act: (applying: Applying) => Promise<ApplyResponse>,
): Promise<ApplyResponse> {
  const handler = handlerOf(request.typeName);
  const { definition } = handler;
  const end = operationEnd(provider.stop.signal, values, operation);
  const context = contextFor(provider, createRpcReport(provider.parts.writeLog), end.signal);
  const config = readValues(definition, request.config) ?? {};
  const { birth } = readPrivate(request.plannedPrivate);
  const birthBytes = writePrivate(birth);
  try {
    return await act({ provider, handler, context, end: end.signal, config, planned, birthBytes });
  } catch (error) {
    // Nothing is known to have changed: the state stays what it was, and the next refresh looks.
    const kept = request.priorState === null ? {} : { newState: request.priorState };
    return { ...kept, private: birthBytes, diagnostics: errorDiagnostics(error, definition) };
  } finally {
    end.release();
  }
}
