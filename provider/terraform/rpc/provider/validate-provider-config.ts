// ValidateProviderConfig: the mistakes of the provider's own settings.

import type { ResourceDefinition } from "../../../../schema/resource";
import { providerFields } from "../../../../schema/terraform/terraform-fields";
import { validateInputs } from "../../../controller/handlers/validate-inputs";
import { errorDiagnostics, problemDiagnostics } from "../../session/diagnostics";
import { readAttributes } from "../../values/read-attributes";
import { readCredentialSettings } from "../../values/read-credential-settings";
import { decodeDynamicValue } from "../../wire/dynamic-value";
import type { ConfigRequest, WithDiagnostics } from "../../wire/messages";

/** The settings in the shape of a resource, so that they are judged and named by the same rules. */
const settings: ResourceDefinition = {
  name: "Provider",
  token: "provider",
  doc: "the provider's settings",
  findBy: [],
  inputs: providerFields,
  outputs: {},
};

/** The answer. */
export function validateProviderConfig(request: Pick<ConfigRequest, "config">): Promise<WithDiagnostics> {
  try {
    const config = decodeDynamicValue(request.config);
    const { problems } = validateInputs(settings, readAttributes(providerFields, config));
    readCredentialSettings(config);
    return Promise.resolve({ diagnostics: problemDiagnostics(settings, problems) });
  } catch (error) {
    return Promise.resolve({ diagnostics: errorDiagnostics(error) });
  }
}
