// The peer channel exists exactly while the host is in a mesh.

import type { Agent } from "../agent";
import { answerPeer } from "../handlers/peer-handlers";
import { readMeshState } from "../mesh/mesh-state";
import { type PeerServer, startPeerServer } from "./peer-server";

let running: Promise<PeerServer> | undefined;

/** Starts the server unless it runs; nothing where the host is in no mesh. Error: NETWORK_CONFLICT (the port is taken). */
export async function ensurePeerServer(agent: Agent): Promise<void> {
  if ((await readMeshState(agent.ctx)) === undefined) return;
  running ??= startPeerServer(agent.ctx, (request) => answerPeer(agent, request));
  try {
    await running;
  } catch (error) {
    running = undefined;
    throw error;
  }
}

/** Closes the server, because the host leaves its mesh. */
export async function closePeerServer(): Promise<void> {
  const server = await running;
  running = undefined;
  await server?.close();
}
