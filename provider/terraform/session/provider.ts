// What the provider holds while its process lives: the handlers by Terraform's type names, the ways to hosts, and the
// settings of the configuration that it serves now. One configuration at a time, as Terraform starts a process for each.

import { terraformTypeName } from "../../../schema/terraform/emit-terraform";
import { gpuPartitionHandler } from "../../controller/handlers/gpu-partition";
import type { HandlerContext, Hosts, ResourceHandler } from "../../controller/handlers/handler-context";
import { meshNodeHandler } from "../../controller/handlers/mesh-node";
import { vmHandler } from "../../controller/handlers/vm";
import { LeeaError } from "../../model/errors";
import { unknownValue } from "../../model/inputs/unknown-value";
import type { PlannedNames } from "../planning/check-names";
import type { SharedConnection } from "../values/shared-connection";
import type { WriteLog } from "./log-record";
import type { RpcReport } from "./rpc-report";
import { stoppableHosts } from "./stoppable-hosts";

/** What a process gives its provider. */
export interface ProviderParts {
  readonly hosts: Hosts;
  /** Relative paths in a configuration are relative to it. */
  readonly programFolder: string;
  readonly writeLog: WriteLog;
  /** LEEA_CREDENTIALS as it was set. */
  readonly credentialsText: string | undefined;
}

/** The provider's settings. `owner` is the unknown value where it is not known yet, or not configured. */
export interface ProviderSettings {
  readonly owner: string;
  readonly shared: SharedConnection;
  /** What this run plans, by type and name, so that two of one name are told. */
  readonly plannedNames: PlannedNames;
  /** Ids that this run has created: nothing of them may be deleted by it. */
  readonly createdIds: Set<string>;
}

/** See the head of this file. */
export interface Provider {
  readonly parts: ProviderParts;
  stop: AbortController;
  settings: ProviderSettings;
}

const handlers: ReadonlyMap<string, ResourceHandler> = new Map(
  [meshNodeHandler, gpuPartitionHandler, vmHandler].map((handler) => [terraformTypeName(handler.definition), handler]),
);

/** A provider that was not configured yet. */
export function createProvider(parts: ProviderParts): Provider {
  return { parts, stop: new AbortController(), settings: createSettings(unknownValue, {}) };
}

/** The settings of a new run. */
export function createSettings(owner: string, shared: SharedConnection): ProviderSettings {
  return { owner, shared, plannedNames: new Map(), createdIds: new Set() };
}

/** The handler of a type. PROTOCOL_INVALID where there is none. */
export function handlerOf(typeName: string): ResourceHandler {
  const handler = handlers.get(typeName);
  if (handler !== undefined) return handler;
  throw new LeeaError({ code: "PROTOCOL_INVALID", message: `This provider has no resource "${typeName}"` });
}

/** What a handler is given for one RPC. It ends when the provider is stopped, or with the signal that is given. */
export function contextFor(
  provider: Provider,
  rpc: RpcReport,
  signal: AbortSignal = provider.stop.signal,
): HandlerContext {
  const { hosts, programFolder } = provider.parts;
  return { hosts: stoppableHosts(hosts, signal), report: rpc.report, programFolder };
}
