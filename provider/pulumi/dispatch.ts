// The one entry that the permanent stub in a stack's state calls, through `@leea/pulumi/dynamic`. The stub of an old state
// may be years older than this code, so the request's shape is versioned and only ever grows.

import { setCredentials } from "../controller/credentials";
import { gpuPartitionHandler } from "../controller/handlers/gpu-partition";
import type { HandlerContext, ResourceHandler } from "../controller/handlers/handler-context";
import { meshNodeHandler } from "../controller/handlers/mesh-node";
import { vmHandler } from "../controller/handlers/vm";
import { readCredentials } from "../controller/ssh/read-credentials";
import { LeeaError } from "../model/errors";
import { createDynamicProvider, type DynamicProvider } from "./dynamic-provider";

/** What the stub sends: `op` is a method of Pulumi's dynamic providers, `args` are its arguments. */
export interface DispatchRequest {
  readonly v: number;
  readonly type: string;
  readonly op: string;
  readonly args: readonly unknown[];
}

interface ConfigureRequest {
  readonly config: { get(key: string): string | undefined };
}

/** Handlers by Pulumi type name. */
const handlers: Readonly<Record<string, ResourceHandler>> = {
  MeshNode: meshNodeHandler,
  GpuPartition: gpuPartitionHandler,
  VM: vmHandler,
};

/** A dispatch function over the given ways to hosts. */
export function createDispatch(context: HandlerContext): (request: DispatchRequest) => Promise<unknown> {
  const providers = new Map<string, DynamicProvider>();
  for (const [type, handler] of Object.entries(handlers)) providers.set(type, createDynamicProvider(handler, context));
  return async (request) => {
    if (request.v !== 1) throw refusal(`speaks version ${request.v} of the stub's words`);
    const provider = providers.get(request.type);
    if (provider === undefined) throw refusal(`has a resource of the type "${request.type}"`);
    if (request.op === "configure") return configure(request.args[0] as ConfigureRequest);
    const method: unknown = Object.hasOwn(provider, request.op)
      ? provider[request.op as keyof DynamicProvider]
      : undefined;
    if (typeof method !== "function") throw refusal(`asks for "${request.op}"`);
    return (method as (...args: unknown[]) => Promise<unknown>)(...request.args);
  };
}

function configure(request: ConfigureRequest): void {
  setCredentials(readCredentials(request.config.get("leea:credentials")));
}

function refusal(what: string): LeeaError {
  return new LeeaError({
    code: "PROTOCOL_INVALID",
    message: `This state ${what}, which this version of leea does not know`,
    hint: "Install the newest @leea/pulumi in the program's folder, and run again.",
  });
}
