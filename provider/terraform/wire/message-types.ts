// Terraform's .proto files as encoders and decoders. The descriptions are compiled into the bundle: no .proto file is
// read when the provider starts.

import { type INamespace, Root, type Service } from "protobufjs/light";
import described from "../generated/plugin-messages.json";

// Not `Root.fromJSON`, which resolves every message at once: most are never used, and the start would wait for them.
const root = new Root();
root.addJSON((described as INamespace).nested ?? {});

/** What one RPC is called on the wire, and the bytes of its requests and answers. */
export interface WireMethod {
  readonly path: string;
  readonly requestStream: boolean;
  readonly responseStream: boolean;
  readonly originalName: string;
  readonly requestSerialize: (message: object) => Buffer;
  readonly requestDeserialize: (bytes: Buffer) => object;
  readonly responseSerialize: (message: object) => Buffer;
  readonly responseDeserialize: (bytes: Buffer) => object;
}

/** Every RPC of a service, by its name such as `PlanResourceChange`. `serviceName` is such as `tfplugin6.Provider`. */
export function describeService(serviceName: string): Record<string, WireMethod> {
  const service = root.lookupService(serviceName);
  return Object.fromEntries(service.methodsArray.map(({ name }) => [name, describeMethod(service, serviceName, name)]));
}

function describeMethod(service: Service, serviceName: string, name: string): WireMethod {
  const method = service.methods[name];
  if (method === undefined) throw new TypeError(`${serviceName} has no ${name}`);
  method.resolve();
  const { resolvedRequestType: request, resolvedResponseType: response } = method;
  if (request === null || response === null) throw new TypeError(`${serviceName}.${name} has no messages`);
  return {
    path: `/${serviceName}/${name}`,
    originalName: name,
    requestStream: method.requestStream === true,
    responseStream: method.responseStream === true,
    requestSerialize: (message) => Buffer.from(request.encode(message).finish()),
    requestDeserialize: (bytes) => request.decode(bytes),
    responseSerialize: (message) => Buffer.from(response.encode(message).finish()),
    responseDeserialize: (bytes) => response.decode(bytes),
  };
}
