// RPCs about things that this provider has none of: functions, and identities beside the id. Terraform may ask all the same.

import { LeeaError } from "../../../model/errors";
import { errorDiagnostics } from "../../session/diagnostics";
import type { WithDiagnostics } from "../../wire/messages";

/** GetFunctions: none. */
export function getFunctions(): Promise<object> {
  return Promise.resolve({ functions: {} });
}

/** CallFunction: there is none of that name. */
export function callFunction({ name }: { readonly name: string }): Promise<object> {
  return Promise.resolve({ error: { text: `leea has no function "${name}".` } });
}

/** GetResourceIdentitySchemas: none. */
export function getResourceIdentitySchemas(): Promise<object> {
  return Promise.resolve({ identitySchemas: {} });
}

/** UpgradeResourceIdentity: no state of ours has one. */
export function upgradeResourceIdentity({ typeName }: { readonly typeName: string }): Promise<WithDiagnostics> {
  const message = `The state has an identity of a ${typeName}, which this version of the provider never wrote`;
  const hint = "Run `terraform init -upgrade`.";
  return Promise.resolve({ diagnostics: errorDiagnostics(new LeeaError({ code: "INPUT_INVALID", message, hint })) });
}
