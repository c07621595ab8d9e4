// A TCP connection to a host, with a deadline and small packets sent at once: Nagle's algorithm on the SSH socket costs
// 40 ms a request.

import { createConnection, type Socket } from "node:net";
import { LeeaError } from "../../model/errors";
import { type Hop, labelHop } from "./route";

/** How long a connection may take, name look-up included. */
export const connectTimeoutMs = 10_000;

/** Connects. HOST_UNREACHABLE with what was tried. */
export function openSocket(hop: Hop): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = createConnection({ host: hop.address, port: hop.port, noDelay: true });
    const fail = (reason: string, cause?: unknown): void => {
      clearTimeout(timer);
      socket.destroy();
      reject(unreachableError(hop, reason, cause));
    };
    const timer = setTimeout(
      () => fail(`no answer from port ${hop.port} within ${connectTimeoutMs / 1000} s`),
      connectTimeoutMs,
    );
    socket.once("error", (cause) => fail(describeSocketError(cause), cause));
    socket.once("connect", () => {
      clearTimeout(timer);
      socket.removeAllListeners("error");
      resolve(socket);
    });
  });
}

/** HOST_UNREACHABLE for a hop. */
export function unreachableError(hop: Hop, reason: string, cause?: unknown): LeeaError {
  const target = hop.address === hop.host ? labelHop(hop) : `${labelHop(hop)} (${hop.address})`;
  return new LeeaError({
    code: "HOST_UNREACHABLE",
    message: `Unable to reach host "${target}": ${reason}`,
    hint: `Check that the host is up and that this works: ssh -p ${hop.port} ${hop.user}@${hop.host}`,
    details: { host: hop.host, address: hop.address, port: hop.port, user: hop.user },
    cause,
  });
}

// Happy eyeballs gives an AggregateError without a message of its own: every address failed.
function describeSocketError(error: Error): string {
  const parts = error instanceof AggregateError ? error.errors : [error];
  return parts.map((part) => (part instanceof Error ? part.message : String(part))).join("; ");
}
