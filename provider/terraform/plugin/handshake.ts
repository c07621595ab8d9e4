// What Terraform tells a plugin by its environment, and the one line that the plugin answers on standard output
// (hashicorp/go-plugin, docs/internals.md). Pure.

/** What the environment says. */
export interface Handshake {
  /** PEM of the one client that may connect; undefined where TLS is switched off (TF_DISABLE_PLUGIN_TLS). */
  readonly clientCertificate: string | undefined;
  readonly socketFolder: string | undefined;
  /** TCP instead of a unix socket: Windows, and hosts whose gRPC cannot speak to one. */
  readonly overTcp: boolean;
  readonly firstPort: number;
  readonly lastPort: number;
  readonly multiplexes: boolean;
}

/** Where the plugin listens. */
export interface ListenAddress {
  readonly network: "unix" | "tcp";
  readonly address: string;
}

const cookie = "d602bf8f470bc67ca7faa0386276bbdd4330efaf76d1a219cb4d6991ca9872b2";
const protocolVersion = 6;

/** The reason for which this is no start by Terraform; undefined where it is one that we can serve. */
export function refuseStart(environment: NodeJS.ProcessEnv): string | undefined {
  if (environment["TF_PLUGIN_MAGIC_COOKIE"] !== cookie)
    return "This is a plugin of Terraform and OpenTofu, and is started by them. To use it, name it under required_providers.";
  const versions = (environment["PLUGIN_PROTOCOL_VERSIONS"] ?? "").split(",");
  return versions.includes(String(protocolVersion))
    ? undefined
    : `This plugin speaks protocol ${protocolVersion}, and is asked for ${versions.join(", ")}: use Terraform 1.0 or newer.`;
}

/** Reads the rest of the environment. */
export function readHandshake(environment: NodeJS.ProcessEnv, platform: NodeJS.Platform): Handshake {
  return {
    clientCertificate: environment["PLUGIN_CLIENT_CERT"] || undefined,
    socketFolder: environment["PLUGIN_UNIX_SOCKET_DIR"] || undefined,
    overTcp: platform === "win32" || environment["LEEA_PLUGIN_TCP"] === "1",
    firstPort: Number(environment["PLUGIN_MIN_PORT"] ?? 10_000),
    lastPort: Number(environment["PLUGIN_MAX_PORT"] ?? 25_000),
    multiplexes: environment["PLUGIN_MULTIPLEX_GRPC"] !== undefined,
  };
}

/** The line, with its end. Terraform reads nothing before it. */
export function handshakeLine(
  { multiplexes }: Pick<Handshake, "multiplexes">,
  { network, address }: ListenAddress,
  certificateDer: Buffer | undefined,
): string {
  const certificate = certificateDer?.toString("base64").replace(/=+$/, "") ?? "";
  const fields = ["1", String(protocolVersion), network, address, "grpc", certificate];
  // A seventh field answers whether one connection carries several streams of the broker: we have no broker to speak of.
  return `${[...fields, ...(multiplexes ? ["false"] : [])].join("|")}\n`;
}
