// What a link's WireGuard interface is to be, as argv for wg(8), and what `wg show IF dump` says of it. One interface a link, with
// one peer that may send anything: which way a packet goes is the routing's business. Never holds a private key, only its file.

/** One end of a link. `endpoint` is absent until the peer's port is known. */
export interface WireguardLink {
  readonly interfaceName: string;
  readonly listenPort: number;
  readonly privateKeyPath: string;
  readonly peerPublicKey: string;
  readonly endpoint?: { readonly address: string; readonly port: number };
}

/** What the interface really is. The keys of the peer are those of the only peer; a link has no other. */
export interface WireguardStatus {
  readonly publicKey: string;
  readonly listenPort: number;
  readonly peers: readonly WireguardPeerStatus[];
}

/** A peer as wg(8) shows it. `endpoint` such as `192.0.2.7:51820`; absent while unknown. */
export interface WireguardPeerStatus {
  readonly publicKey: string;
  readonly endpoint?: string;
  readonly lastHandshakeMs: number;
  readonly receivedBytes: number;
  readonly sentBytes: number;
}

/** Seconds between keepalives: what keeps a NAT's mapping and makes the first handshake happen without traffic. */
const keepaliveSeconds = 20;

/** argv that makes the interface serve the link; repeating it changes nothing but the endpoint, which is set anew. */
export function setWireguardArgv(link: WireguardLink): readonly string[] {
  return [
    ...["wg", "set", link.interfaceName, "listen-port", String(link.listenPort), "private-key", link.privateKeyPath],
    ...["peer", link.peerPublicKey],
    ...(link.endpoint === undefined ? [] : ["endpoint", formatEndpoint(link.endpoint.address, link.endpoint.port)]),
    ...["persistent-keepalive", String(keepaliveSeconds), "allowed-ips", "0.0.0.0/0,::/0"],
  ];
}

/** argv that removes a peer, such as one whose key changed. */
export function removeWireguardPeerArgv(interfaceName: string, publicKey: string): readonly string[] {
  return ["wg", "set", interfaceName, "peer", publicKey, "remove"];
}

/** `address:port`, with an IPv6 address in brackets. */
export function formatEndpoint(address: string, port: number): string {
  return address.includes(":") ? `[${address}]:${port}` : `${address}:${port}`;
}

/** Reads `wg show IF dump` (tab-separated, wg(8)); undefined for text that is none. */
export function readWireguardDump(text: string): WireguardStatus | undefined {
  const [head = "", ...rows] = text.trim().split("\n");
  const [, publicKey, port] = head.split("\t");
  if (publicKey === undefined || port === undefined || !/^\d+$/.test(port)) return undefined;
  return { publicKey, listenPort: Number(port), peers: rows.filter((row) => row !== "").map(readPeer) };
}

function readPeer(row: string): WireguardPeerStatus {
  const [publicKey = "", , endpoint = "(none)", , handshake = "0", received = "0", sent = "0"] = row.split("\t");
  return {
    publicKey,
    ...(endpoint === "(none)" ? {} : { endpoint }),
    lastHandshakeMs: Number(handshake) * 1000,
    receivedBytes: Number(received),
    sentBytes: Number(sent),
  };
}
