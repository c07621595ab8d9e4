// ReadResource: what the host says of a resource now. A host that does not answer keeps the last state, and is warned of.

import { terraformResourceFields } from "../../../../schema/terraform/terraform-fields";
import { errorDiagnostics, warningOf } from "../../session/diagnostics";
import { contextFor, handlerOf, type Provider } from "../../session/provider";
import { createRpcReport } from "../../session/rpc-report";
import { writePrivate } from "../../values/private-bytes";
import type { ReadRequest, ReadResponse } from "../../wire/messages";
import { type PriorValues, readPrior, writeValues } from "./declared-values";

/** The answer. The declared values stay as they are; only outputs are read. */
export async function readResource(provider: Provider, request: ReadRequest): Promise<ReadResponse> {
  const handler = handlerOf(request.typeName);
  const { definition } = handler;
  const state = { value: request.currentState, privateBytes: request.private };
  try {
    const prior = readPrior(provider, definition, state);
    if (prior === undefined) return keep(request);
    const rpc = createRpcReport(provider.parts.writeLog);
    const read = await handler.read(prior.id, prior.known, contextFor(provider, rpc));
    const fields = terraformResourceFields(definition);
    const values = read === undefined ? undefined : { ...declaredPart(prior, definition.outputs), ...read.outputs };
    return {
      newState: writeValues(fields, values),
      private: writePrivate(prior.birth),
      diagnostics: warningOf(rpc.notes),
    };
  } catch (error) {
    return { ...keep(request), diagnostics: errorDiagnostics(error, definition) };
  }
}

function keep(request: ReadRequest): ReadResponse {
  return { ...(request.currentState === null ? {} : { newState: request.currentState }), private: request.private };
}

function declaredPart({ values }: PriorValues, outputs: object): PriorValues["values"] {
  return Object.fromEntries(Object.entries(values).filter(([name]) => !(name in outputs)));
}
