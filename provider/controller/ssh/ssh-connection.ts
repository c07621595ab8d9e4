// One SSH connection to one host, through its jump hosts: all channels of all sessions run in it. ssh2 is used in this
// folder only. The host's key is judged before a credential is sent.

import type { Duplex } from "node:stream";
import type { Client, ClientChannel } from "ssh2";
import { LeeaError } from "../../model/errors";
import { connectClient, planLogin } from "./connect-client";
import { openSocket, unreachableError } from "./open-socket";
import { type Hop, labelHop } from "./route";

/** A live connection. */
export interface SshConnection {
  readonly label: string;
  /** The login that was used, which may come from ssh_config. */
  readonly user: string;
  /** False from the moment that the connection has ended. */
  isOpen(): boolean;
  /** A channel that runs a command line in the login's shell. `onExit` gets the exit code; null after a signal. */
  openCommand(commandLine: string, onExit: (exitCode: number | null) => void): Promise<ClientChannel>;
  /** A channel to a unix socket on the host; rejects where sshd forbids it or nothing listens. */
  openUnixSocket(path: string): Promise<Duplex>;
  /** Calls back once when the connection has ended. */
  onClose(listener: () => void): void;
  end(): void;
}

/** Connects along the route. HOST_UNREACHABLE, HOST_KEY_UNKNOWN, HOST_KEY_CHANGED, AUTHENTICATION_FAILED. */
export async function connectSsh(route: readonly Hop[]): Promise<SshConnection> {
  const clients: Client[] = [];
  try {
    for (const hop of route) {
      const plan = planLogin(hop); // before the socket: what cannot work is said without asking the host
      const before = clients.at(-1);
      const socket = before === undefined ? await openSocket(hop) : await forwardTo(before, hop);
      clients.push(await connectClient(plan, socket));
    }
  } catch (error) {
    for (const client of clients) client.end();
    throw error;
  }
  return wrapClients(clients, route);
}

function forwardTo(client: Client, hop: Hop): Promise<Duplex> {
  return new Promise((resolve, reject) => {
    client.forwardOut("127.0.0.1", 0, hop.address, hop.port, (error, channel) => {
      if (error === undefined) resolve(channel);
      else reject(unreachableError(hop, `the jump host could not connect to it (${error.message})`, error));
    });
  });
}

function wrapClients(clients: readonly Client[], route: readonly Hop[]): SshConnection {
  const [client, hop] = [clients.at(-1), route.at(-1)];
  if (client === undefined || hop === undefined)
    throw new LeeaError({ code: "INTERNAL", message: "Unable to connect along an empty route" });
  let open = true;
  client.setMaxListeners(0); // one a channel that is being opened: twenty resources of a host open twenty at once
  const end = (): void => {
    for (const each of [...clients].reverse()) each.end();
  };
  client.once("close", () => {
    open = false;
    end();
  });
  return {
    label: labelHop(hop),
    user: hop.user,
    isOpen: () => open,
    openCommand: (commandLine, onExit) =>
      openChannel(client, (done) =>
        client.exec(commandLine, (error, channel) => {
          // Heard here, not by who awaits the channel: a short command's end arrives in the same packet as its start.
          if (error === undefined) channel.on("exit", onExit);
          done(error, channel);
        }),
      ),
    openUnixSocket: (path) => openChannel(client, (done) => client.openssh_forwardOutStreamLocal(path, done)),
    onClose: (listener) => void client.once("close", listener),
    end,
  };
}

// ssh2 answers a channel request by its callback, or not at all when the connection ends first.
function openChannel(
  client: Client,
  open: (done: (error: Error | undefined, channel: ClientChannel) => void) => void,
): Promise<ClientChannel> {
  return new Promise((resolve, reject) => {
    const lost = (): void => reject(new Error("the SSH connection ended"));
    client.once("close", lost);
    open((error, channel) => {
      client.off("close", lost);
      if (error) reject(error);
      else resolve(channel);
    });
  });
}
