// Where a provider's server listens: a unix socket of its own in a folder that only its user may enter, or a TCP port of
// the loopback. With TLS, one client may connect.

import { randomBytes } from "node:crypto";
import { chmodSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Server, ServerCredentials } from "@grpc/grpc-js";
import type { Handshake, ListenAddress } from "./handshake";
import { makeServerCertificate } from "./server-certificate";

/** A server that listens. */
export interface Listening {
  readonly address: ListenAddress;
  /** Undefined without TLS. */
  readonly certificateDer: Buffer | undefined;
  /** Removes the socket. */
  readonly cleanUp: () => void;
}

/** Lets the server listen as the handshake asks. */
export async function listen(server: Server, handshake: Handshake): Promise<Listening> {
  const { clientCertificate } = handshake;
  const own = clientCertificate === undefined ? undefined : makeServerCertificate(new Date());
  const credentials =
    own === undefined || clientCertificate === undefined
      ? ServerCredentials.createInsecure()
      : ServerCredentials.createSsl(
          Buffer.from(clientCertificate),
          [{ cert_chain: Buffer.from(own.certificatePem), private_key: Buffer.from(own.keyPem) }],
          true,
        );
  const bound = handshake.overTcp
    ? await bindPort(server, credentials, handshake)
    : await bindSocket(server, credentials, handshake);
  return { ...bound, certificateDer: own?.certificateDer };
}

type Bound = Omit<Listening, "certificateDer">;

async function bindSocket(server: Server, credentials: ServerCredentials, handshake: Handshake): Promise<Bound> {
  const folder = mkdtempSync(join(handshake.socketFolder ?? tmpdir(), "leea-tf-"));
  const path = join(folder, `${randomBytes(4).toString("hex")}.sock`);
  await bind(server, `unix:${path}`, credentials);
  // Terraform's own group rules (PLUGIN_UNIX_SOCKET_GROUP) are for plugins of other users, which we are none of.
  chmodSync(path, 0o600);
  return {
    address: { network: "unix", address: path },
    cleanUp: () => rmSync(folder, { recursive: true, force: true }),
  };
}

async function bindPort(server: Server, credentials: ServerCredentials, handshake: Handshake): Promise<Bound> {
  const { firstPort, lastPort } = handshake;
  for (let port = firstPort; port <= lastPort; port += 1) {
    try {
      await bind(server, `127.0.0.1:${port}`, credentials);
      return { address: { network: "tcp", address: `127.0.0.1:${port}` }, cleanUp: () => undefined };
    } catch (error) {
      if (port === lastPort) throw error; // taken ports are passed by; all of them taken is told
    }
  }
  throw new RangeError(`no port from ${firstPort} to ${lastPort}`);
}

function bind(server: Server, address: string, credentials: ServerCredentials): Promise<void> {
  return new Promise((resolve, reject) =>
    server.bindAsync(address, credentials, (error) => (error === null ? resolve() : reject(error))),
  );
}
