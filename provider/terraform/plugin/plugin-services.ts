// The services that a plugin's host expects beside the provider itself: an order to end, a channel for output that we do not
// use, a broker that brokers nothing, and health.

import type { handleBidiStreamingCall, handleServerStreamingCall, handleUnaryCall, Server } from "@grpc/grpc-js";
import { describeService } from "../wire/message-types";

type Unary = handleUnaryCall<object, object>;
type ServerStream = handleServerStreamingCall<object, object>;
type Duplex = handleBidiStreamingCall<object, object>;

const serving = 1;

/** Adds them. `end` is called when the host asks the plugin to end. */
export function addPluginServices(server: Server, end: () => void): void {
  const shutDown: Unary = (_call, answer) => {
    answer(null, {});
    end();
  };
  const check: Unary = (_call, answer) => answer(null, { status: serving });
  // Open as long as the host wants: what we say goes to the log, on standard error.
  const streamOutput: ServerStream = (call) => call.on("cancelled", () => call.end());
  const broker: Duplex = (call) => {
    call.on("data", () => undefined);
    call.on("end", () => call.end());
  };
  server.addService(describeService("plugin.GRPCController"), { Shutdown: shutDown });
  server.addService(describeService("plugin.GRPCStdio"), { StreamStdio: streamOutput });
  server.addService(describeService("plugin.GRPCBroker"), { StartStream: broker });
  server.addService(describeService("grpc.health.v1.Health"), { Check: check });
}
