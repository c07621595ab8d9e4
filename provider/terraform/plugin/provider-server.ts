// The gRPC server of a provider: every RPC of Terraform's protocol under its own name, beside the plugin's services.

import { type handleUnaryCall, Server, status } from "@grpc/grpc-js";
import { allRpcs, type Rpc } from "../rpc/all-rpcs";
import type { Provider } from "../session/provider";
import { describeService } from "../wire/message-types";
import { addPluginServices } from "./plugin-services";

/** Terraform sends states and schemas whole. */
const longestMessageBytes = 256 * 1024 ** 2;

/** A server that listens nowhere yet. `end` is called when the host asks for it. */
export function createProviderServer(provider: Provider, end: () => void): Server {
  const server = new Server({
    "grpc.max_receive_message_length": longestMessageBytes,
    "grpc.max_send_message_length": longestMessageBytes,
  });
  const handlers = Object.entries(allRpcs(provider)).map(([name, rpc]) => [name, unaryOf(name, rpc, provider)]);
  server.addService(describeService("tfplugin6.Provider"), Object.fromEntries(handlers) as Record<string, Unary>);
  addPluginServices(server, end);
  return server;
}

type Unary = handleUnaryCall<object, object>;

function unaryOf(name: string, rpc: Rpc, { parts }: Provider): Unary {
  return (call, answer) => {
    Promise.resolve()
      .then(() => rpc(call.request))
      .then(
        (response) => answer(null, response),
        (error: unknown) => {
          const details = error instanceof Error ? error.message : String(error);
          parts.writeLog("error", `${name} failed: ${error instanceof Error ? (error.stack ?? details) : details}`);
          answer({ code: status.INTERNAL, details });
        },
      );
  };
}
