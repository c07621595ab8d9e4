// ImportResourceState: finds what an import id names. Terraform reads the resource right afterwards.

import type { ResourceDefinition } from "../../../../schema/resource";
import { terraformResourceFields } from "../../../../schema/terraform/terraform-fields";
import type { Values } from "../../../controller/handlers/handler-context";
import { validateInputs } from "../../../controller/handlers/validate-inputs";
import { LeeaError } from "../../../model/errors";
import { errorDiagnostics } from "../../session/diagnostics";
import { contextFor, handlerOf, type Provider } from "../../session/provider";
import { createRpcReport } from "../../session/rpc-report";
import { findUnknown, findWhere } from "../../values/find-where";
import { parseImportId } from "../../values/parse-import-id";
import { birthIn, birthNamesOf, writePrivate } from "../../values/private-bytes";
import { shownInputs } from "../../values/resource-values";
import { fillConnections } from "../../values/shared-connection";
import type { ImportRequest, ImportResponse } from "../../wire/messages";
import { writeValues } from "./declared-values";

/** The answer: what was found, with the names of its birth beside it. */
export async function importResourceState(provider: Provider, request: ImportRequest): Promise<ImportResponse> {
  const handler = handlerOf(request.typeName);
  const { definition } = handler;
  try {
    const named = fillConnections(definition.inputs, parseImportId(definition, request.id), provider.settings.shared);
    const where = checkWhere(definition, named, request.id);
    const found = await handler.find(where, contextFor(provider, createRpcReport(provider.parts.writeLog)));
    if (found === undefined) throw notFound(definition, request.id);
    const { inputs, outputs } = found.state;
    // Defaults written out, as in every state: what a host does not keep is declared anew.
    const filled = validateInputs(definition, inputs).values;
    const values = { id: found.id, ...shownInputs(definition, filled), ...outputs };
    const state = writeValues(terraformResourceFields(definition), values);
    const privateBytes = writePrivate(birthNamesOf(definition, birthIn(inputs)));
    return { importedResources: [{ typeName: request.typeName, state, private: privateBytes }] };
  } catch (error) {
    return { diagnostics: errorDiagnostics(error) };
  }
}

/** The way to the host with its defaults. INPUT_INVALID with all that is wrong with it. */
function checkWhere(definition: ResourceDefinition, given: Values, id: string): Values {
  const found = findWhere(definition, "import", given);
  const problems = [...found.problems, ...findUnknown(found)];
  if (problems.length === 0) return found.where;
  throw new LeeaError({
    code: "INPUT_INVALID",
    message: `The import id "${id}" is wrong: ${problems.map(({ field, message }) => `${field} ${message}`).join("; ")}`,
  });
}

function notFound({ name }: ResourceDefinition, id: string): LeeaError {
  return new LeeaError({
    code: "NOT_FOUND",
    message: `There is no ${name} to import at "${id}"`,
    hint: "`leea status --host HOST` lists what a host has.",
  });
}
