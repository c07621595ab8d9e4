// Connections to other agents, kept open between calls, so that a call costs one round trip. Nothing is sent before the other side has
// proven that it holds the key of the node it is meant to be.

import { Agent } from "node:http";
import type { Duplex } from "node:stream";
import { connect } from "node:tls";
import { LeeaError } from "../../model/errors";
import type { NodeDescriptor } from "../../protocol/node";
import { peerPort } from "../../protocol/peer";
import type { AgentContext } from "../agent-context";
import type { System } from "../system/system";
import { type PeerCertificate, peerFingerprint, readPeerCertificate } from "./peer-certificate";

const pools = new WeakMap<System, Map<string, Agent>>();

/** The connections to one node; another key or another address is another node. */
export async function pinnedConnections(ctx: AgentContext, peer: NodeDescriptor): Promise<Agent> {
  const certificate = await readPeerCertificate(ctx);
  const pool = pools.get(ctx.system) ?? new Map<string, Agent>();
  pools.set(ctx.system, pool);
  const name = `${peer.fingerprint} ${peer.meshAddress}`;
  const agent = pool.get(name) ?? makeAgent(peer, certificate);
  pool.set(name, agent);
  return agent;
}

/** Closes the connections to every node; later calls open new ones. */
export function closePeerConnections(ctx: AgentContext): void {
  for (const agent of pools.get(ctx.system)?.values() ?? []) agent.destroy();
  pools.delete(ctx.system);
}

type Created = (error: Error | null, socket: Duplex) => void;

function makeAgent(peer: NodeDescriptor, certificate: PeerCertificate): Agent {
  const agent = new Agent({ keepAlive: true, maxSockets: 4, timeout: 100_000 });
  agent.createConnection = (_options, created) => {
    openPinned(peer, certificate, created as Created);
    return undefined; // the socket is handed over once the other side is known
  };
  return agent;
}

function openPinned(peer: NodeDescriptor, certificate: PeerCertificate, created: Created): void {
  // The certificate is self-signed by design: what is checked below is its key.
  const tls = { ...certificate, minVersion: "TLSv1.3", rejectUnauthorized: false } as const;
  const socket = connect({ host: peer.meshAddress, port: peerPort, ...tls });
  socket.setNoDelay(true);
  const fail = (error: Error): void => created(error, socket);
  socket.once("error", fail);
  socket.setTimeout(10_000, () => socket.destroy(new Error("the handshake took too long")));
  socket.once("secureConnect", () => {
    socket.off("error", fail);
    socket.setTimeout(0);
    if (peerFingerprint(socket) === peer.fingerprint) return created(null, socket);
    const error = identityError(peer);
    socket.on("error", () => undefined); // the caller has the reason; what the dying socket adds is of no use
    socket.destroy();
    created(error, socket);
  });
}

function identityError(peer: NodeDescriptor): LeeaError {
  return new LeeaError({
    code: "IDENTITY_CHANGED",
    message: `Another machine than "${peer.nodeId}" answers at ${peer.meshAddress}`,
    hint: "Run `pulumi refresh`; if the host was installed anew, adopt or forget its MeshNode.",
  });
}
