// The destination's side of straight streams: may they come, and can they? Both ports of the move answer for a moment
// with what the source has asked for, so that it can prove the way before a guest's memory is sent on it.

import { createServer, type Server } from "node:net";
import type { OpenStraightRequest, OpenStraightResponse } from "../../../protocol/peer";
import type { ExpectMoveRequest } from "../../../protocol/vm";
import type { Agent } from "../../agent";
import { findPeerAddress } from "../../mesh/link/peer-address";
import { showIp } from "../../net/ip-command";
import { takeMovePorts } from "../destination/move-ports";
import { admitStraight, endStraight, findStraight } from "./admissions";

const answerForMs = 6_000;
const answering = new Map<string, { readonly servers: readonly Server[]; readonly timer: NodeJS.Timeout }>();

/** Opens the move's ports at `address` to the source alone, for a test; or says why not. */
export async function openStraight(
  agent: Agent,
  move: ExpectMoveRequest,
  request: OpenStraightRequest,
): Promise<OpenStraightResponse> {
  await endStraightTest(move.moveId);
  const source = await findPeerAddress(agent.ctx, move.source.nodeId);
  if (source === undefined) return { state: "refused", reason: `this host has no link to ${move.source.name}` };
  if (!(await isOwnAddress(agent, request.address)))
    return { state: "refused", reason: `${request.address} is not an address of this host, so there is NAT between` };
  const { migrationPort, nbdPort } = takeMovePorts(move.moveId);
  const ports = [migrationPort, nbdPort] as const;
  await admitStraight(agent.ctx, { moveId: move.moveId, source, address: request.address, ports });
  const servers: Server[] = [];
  const timer = setTimeout(() => void endStraightTest(move.moveId), answerForMs);
  answering.set(move.moveId, { servers, timer });
  try {
    for (const port of ports) servers.push(await answerOnce(request, port));
  } catch (error) {
    await endStraightTest(move.moveId);
    await endStraight(agent.ctx, move.moveId);
    return { state: "refused", reason: error instanceof Error ? error.message : String(error) };
  }
  return { state: "answering", source, ports };
}

/** The address on which QEMU is to listen, once the source has proven the way; undefined: the mesh. The test ends. */
export async function takeStraightAddress(
  agent: Agent,
  moveId: string,
  wanted: string | undefined,
): Promise<string | undefined> {
  await endStraightTest(moveId);
  const admitted = await findStraight(agent.ctx, moveId);
  if (wanted !== undefined && admitted?.address === wanted) return wanted;
  await endStraight(agent.ctx, moveId);
  return undefined;
}

async function endStraightTest(moveId: string): Promise<void> {
  const test = answering.get(moveId);
  answering.delete(moveId);
  clearTimeout(test?.timer);
  await Promise.all(
    (test?.servers ?? []).map((server) => new Promise<void>((resolve) => server.close(() => resolve()))),
  );
}

function answerOnce({ address, nonce }: OpenStraightRequest, port: number): Promise<Server> {
  const server = createServer((socket) => {
    socket.on("error", () => undefined); // who asked is gone: it has what it came for, or tries the mesh
    socket.setTimeout(answerForMs, () => socket.destroy());
    socket.end(nonce);
  });
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen({ host: address, port }, () => resolve(server));
  });
}

async function isOwnAddress(agent: Agent, address: string): Promise<boolean> {
  const devices = await showIp<{ readonly addr_info?: readonly { readonly local: string }[] }>(agent.ctx, [
    "address",
    "show",
    "to",
    address,
  ]);
  return devices.some(({ addr_info }) => addr_info?.some(({ local }) => local === address) === true);
}
