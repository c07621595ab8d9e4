// ValidateDataResourceConfig and ReadDataSource: what exists already, found by the few attributes that a data source takes.

import type { ResourceDefinition } from "../../../../schema/resource";
import { terraformDataFields } from "../../../../schema/terraform/terraform-fields";
import type { Values } from "../../../controller/handlers/handler-context";
import { LeeaError } from "../../../model/errors";
import { asText } from "../../../model/inputs/loose-values";
import { errorDiagnostics, problemDiagnostics } from "../../session/diagnostics";
import { contextFor, handlerOf, type Provider } from "../../session/provider";
import { createRpcReport } from "../../session/rpc-report";
import { findUnknown, findWhere, type Where } from "../../values/find-where";
import { readAttributes } from "../../values/read-attributes";
import { handlerInputs, shownInputs } from "../../values/resource-values";
import type { SharedConnection } from "../../values/shared-connection";
import { decodeDynamicValue } from "../../wire/dynamic-value";
import type { ConfigRequest, DynamicValue, WithDiagnostics } from "../../wire/messages";
import { writeValues } from "../resource/declared-values";

/** The mistakes of a data source's configuration. */
export function validateDataConfig(_provider: Provider, request: ConfigRequest): Promise<WithDiagnostics> {
  const { definition } = handlerOf(request.typeName);
  const { problems } = readWhere(definition, request, {});
  return Promise.resolve({ diagnostics: problemDiagnostics(definition, problems) });
}

/** What was found, with the configuration's own values as they are written there. */
export async function readDataSource(
  provider: Provider,
  request: ConfigRequest,
): Promise<WithDiagnostics & { readonly state?: DynamicValue }> {
  const handler = handlerOf(request.typeName);
  const { definition } = handler;
  try {
    const read = readWhere(definition, request, provider.settings.shared);
    const { where } = read;
    const problems = [...read.problems, ...findUnknown(read)];
    if (problems.length > 0) return { diagnostics: problemDiagnostics(definition, problems) };
    const found = await handler.find(where, contextFor(provider, createRpcReport(provider.parts.writeLog)));
    if (found === undefined) throw notFound(definition, where);
    const { inputs, outputs } = found.state;
    const values = { id: found.id, ...shownInputs(definition, inputs), ...outputs, ...shownInputs(definition, where) };
    return { state: writeValues(terraformDataFields(definition), values) };
  } catch (error) {
    return { diagnostics: errorDiagnostics(error, definition) };
  }
}

function readWhere(definition: ResourceDefinition, request: ConfigRequest, shared: SharedConnection): Where {
  const config = readAttributes(terraformDataFields(definition), decodeDynamicValue(request.config));
  const given = Object.fromEntries(definition.findBy.map((name) => [name, config[name]]));
  return findWhere(definition, "data", handlerInputs(definition, given, shared));
}

function notFound({ name }: ResourceDefinition, where: Values): LeeaError {
  const named = asText(where["name"]);
  return new LeeaError({
    code: "NOT_FOUND",
    message:
      named === undefined
        ? `There is no ${name} there: the host is in no mesh`
        : `That host knows no ${name} "${named}"`,
    hint: "`leea status --host HOST` lists what a host has.",
  });
}
