// Every RPC of Terraform's protocol that this provider answers, by its name. The others are UNIMPLEMENTED, which Terraform
// and OpenTofu take for "has none of these".

import type { Provider } from "../session/provider";
import type {
  ApplyRequest,
  ConfigRequest,
  ConfigureRequest,
  ImportRequest,
  MoveStateRequest,
  PlanRequest,
  ReadRequest,
  UpgradeStateRequest,
} from "../wire/messages";
import { readDataSource, validateDataConfig } from "./data/read-data-source";
import {
  callFunction,
  getFunctions,
  getResourceIdentitySchemas,
  upgradeResourceIdentity,
} from "./provider/answer-nothing";
import { configureProvider } from "./provider/configure-provider";
import { getMetadata, getProviderSchema } from "./provider/get-provider-schema";
import { stopProvider } from "./provider/stop-provider";
import { validateProviderConfig } from "./provider/validate-provider-config";
import { applyResourceChange } from "./resource/apply-resource-change";
import { importResourceState } from "./resource/import-resource-state";
import { moveResourceState } from "./resource/move-resource-state";
import { planResourceChange } from "./resource/plan-resource-change";
import { readResource } from "./resource/read-resource";
import { upgradeResourceState } from "./resource/upgrade-resource-state";
import { validateResourceConfig } from "./resource/validate-resource-config";

/** Answers one request. Rejects only where the request is none of the protocol's. */
export type Rpc = (request: object) => Promise<object>;

/** The RPCs of `tfplugin6.Provider`. */
export function allRpcs(provider: Provider): Readonly<Record<string, Rpc>> {
  return {
    GetMetadata: getMetadata,
    GetProviderSchema: getProviderSchema,
    ValidateProviderConfig: (request) => validateProviderConfig(request as ConfigRequest),
    ValidateResourceConfig: (request) => validateResourceConfig(provider, request as ConfigRequest),
    ValidateDataResourceConfig: (request) => validateDataConfig(provider, request as ConfigRequest),
    UpgradeResourceState: (request) => upgradeResourceState(request as UpgradeStateRequest),
    ConfigureProvider: (request) => configureProvider(provider, request as ConfigureRequest),
    ReadResource: (request) => readResource(provider, request as ReadRequest),
    PlanResourceChange: (request) => planResourceChange(provider, request as PlanRequest),
    ApplyResourceChange: (request) => applyResourceChange(provider, request as ApplyRequest),
    ImportResourceState: (request) => importResourceState(provider, request as ImportRequest),
    ReadDataSource: (request) => readDataSource(provider, request as ConfigRequest),
    MoveResourceState: (request) => moveResourceState(request as MoveStateRequest),
    GetResourceIdentitySchemas: getResourceIdentitySchemas,
    UpgradeResourceIdentity: (request) => upgradeResourceIdentity(request as UpgradeStateRequest),
    GetFunctions: getFunctions,
    CallFunction: (request) => callFunction(request as { readonly name: string }),
    StopProvider: () => stopProvider(provider),
  };
}
