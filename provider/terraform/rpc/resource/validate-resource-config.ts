// ValidateResourceConfig: every mistake of a configuration that can be told without hosts, files or a state.

import { terraformResourceFields } from "../../../../schema/terraform/terraform-fields";
import { validateInputs } from "../../../controller/handlers/validate-inputs";
import { unknownValue } from "../../../model/inputs/unknown-value";
import { findMissingName } from "../../planning/check-names";
import { errorDiagnostics, problemDiagnostics } from "../../session/diagnostics";
import { contextFor, handlerOf, type Provider } from "../../session/provider";
import { createRpcReport } from "../../session/rpc-report";
import { birthNamesOf } from "../../values/private-bytes";
import { handlerInputs } from "../../values/resource-values";
import type { ConfigRequest, WithDiagnostics } from "../../wire/messages";
import { readValues } from "./declared-values";

/** The answer. */
export async function validateResourceConfig(provider: Provider, request: ConfigRequest): Promise<WithDiagnostics> {
  const handler = handlerOf(request.typeName);
  const { definition } = handler;
  try {
    const config = readValues(definition, request.config) ?? {};
    const names = birthNamesOf(definition, { owner: unknownValue, logicalName: unknownValue });
    const declared = { ...handlerInputs(definition, config, {}), ...names };
    const context = contextFor(provider, createRpcReport(provider.parts.writeLog));
    // Against itself: which files there must be, and what must not change, is for the plan to say.
    const { problems } = await handler.check(declared, declared, context);
    const missing = findMissingName(definition, config);
    const { timeouts } = terraformResourceFields(definition);
    const timed = timeouts === undefined ? {} : { timeouts };
    const own = validateInputs(
      { ...definition, name: `${definition.name}Timeouts`, inputs: timed },
      timeoutsOf(config),
    );
    return { diagnostics: problemDiagnostics(definition, [...missing, ...problems, ...own.problems]) };
  } catch (error) {
    return { diagnostics: errorDiagnostics(error, definition) };
  }
}

function timeoutsOf(config: object): object {
  return "timeouts" in config ? { timeouts: config.timeouts } : {};
}
