// ConfigureProvider: the settings of the run that begins now. Whatever a run before it in the same process knew is gone.

import { providerFields } from "../../../../schema/terraform/terraform-fields";
import { setCredentials } from "../../../controller/credentials";
import { credentialsVariable, readCredentials } from "../../../controller/ssh/read-credentials";
import { unknownValue } from "../../../model/inputs/unknown-value";
import { errorDiagnostics } from "../../session/diagnostics";
import { createSettings, type Provider } from "../../session/provider";
import { readAttributes } from "../../values/read-attributes";
import { readCredentialSettings } from "../../values/read-credential-settings";
import { readSharedConnection } from "../../values/shared-connection";
import { decodeDynamicValue } from "../../wire/dynamic-value";
import type { ConfigureRequest, WithDiagnostics } from "../../wire/messages";

/** The answer. */
export function configureProvider(provider: Provider, request: ConfigureRequest): Promise<WithDiagnostics> {
  try {
    const config = decodeDynamicValue(request.config);
    const { owner, ssh } = readAttributes(providerFields, config);
    const fromEnvironment = readCredentials(provider.parts.credentialsText, credentialsVariable);
    setCredentials({ ...fromEnvironment, ...readCredentialSettings(config) });
    provider.settings = createSettings(typeof owner === "string" ? owner : unknownValue, readSharedConnection(ssh));
    if (provider.stop.signal.aborted) provider.stop = new AbortController();
    return Promise.resolve({});
  } catch (error) {
    return Promise.resolve({ diagnostics: errorDiagnostics(error) });
  }
}
