// The hops to a host, once ssh_config has been heard: declared values first, then the user's own ssh_config, then the
// defaults. It must never read a credential, only where one may lie.

import type { Connection, JumpHost } from "../../model/connection";
import { readSshConfig } from "./ssh-config";

/** One hop, resolved. `host` is the declared name, `address` what is connected to; `hostKeyName` stands in known_hosts. */
export interface Hop {
  readonly host: string;
  readonly address: string;
  /** As OpenSSH looks it up: the address with the port where that is not 22, or ssh_config's HostKeyAlias alone. */
  readonly hostKeyName: { readonly host: string; readonly port: number };
  readonly port: number;
  readonly user: string;
  readonly hostKey: string | undefined;
  readonly knownHosts: string | undefined;
  readonly identity: string | undefined;
  /** Key files that ssh_config names, used when `identity` is absent. */
  readonly identityFiles: readonly string[];
}

/** What messages call a hop: `10.0.0.11`, `ops@10.0.0.11`, `10.0.0.11:2222`. */
export function labelHop(hop: { readonly host: string; readonly port: number; readonly user: string }): string {
  const host = hop.host.includes(":") ? `[${hop.host}]` : hop.host;
  return `${hop.user === "root" ? "" : `${hop.user}@`}${host}${hop.port === 22 ? "" : `:${hop.port}`}`;
}

/** The hops in the order in which they are connected; the last one is the host. */
export async function resolveRoute(connection: Connection): Promise<readonly Hop[]> {
  const { hop, proxyJump } = await resolveHop(connection);
  if (connection.jump !== undefined) return [(await resolveHop(connection.jump)).hop, hop];
  const before = await Promise.all(proxyJump.map(async (jump) => (await resolveHop(jump)).hop));
  return [...before, hop];
}

async function resolveHop(way: JumpHost): Promise<{ hop: Hop; proxyJump: readonly JumpHost[] }> {
  const config = await readSshConfig(way.host);
  const address = config.hostName ?? way.host;
  const port = way.port === 22 ? (config.port ?? 22) : way.port;
  const hop: Hop = {
    host: way.host,
    address,
    port,
    hostKeyName: config.hostKeyAlias === undefined ? { host: address, port } : { host: config.hostKeyAlias, port: 22 },
    user: way.user === "root" ? (config.user ?? "root") : way.user,
    hostKey: way.hostKey,
    knownHosts: way.knownHosts,
    identity: way.identity,
    identityFiles: config.identityFiles,
  };
  return { hop, proxyJump: config.proxyJump };
}
