// A small world for the tests: a lab of its own name whose hosts are MeshNodes, driven through the controller's real
// handlers. Nothing here stands in for a part of the product.

import { type Lab, labDown, labUp } from "../../../provider/cli/lab/lab";
import type { HandlerContext, KnownState, Values } from "../../../provider/controller/handlers/handler-context";
import { meshNodeHandler } from "../../../provider/controller/handlers/mesh-node";
import { closeIdleHosts } from "../../../provider/controller/host-pool";
import { bundledAgentHash, type HostSession, openHost, removeAgent } from "../../../provider/controller/host-session";
import type { Connection } from "../../../provider/model/connection";
import { inputError } from "../../../provider/model/errors";
import type { Progress } from "../../../provider/protocol/operation";

process.env["LEEA_AGENT_BUNDLE"] ??= `${__dirname}/../../../provider/dist/agent.cjs`;

/** Who declares everything in these tests. */
export const owner = "acme/e2e/test";

/** A MeshNode as its last create, update or read left it. */
export interface WorldNode {
  readonly id: string;
  declared: Values;
  known: KnownState;
}

/** The lab, what is declared in it, and what the handlers told people. */
export interface World {
  lab: Lab;
  /** The private key that everything logs in with. */
  identityFile: string;
  readonly nodes: Map<string, WorldNode>;
  readonly context: HandlerContext;
  readonly notes: string[];
  /** Called with every progress report. */
  onProgress: (progress: Progress) => void;
}

/** Starts a lab of three hosts, none of them a MeshNode yet. */
export async function openWorld(name: string, hosts: readonly string[] = ["a", "b", "c"]): Promise<World> {
  return enterWorld(await labUp({ name: `${name}-${process.pid}`, hosts }));
}

/** A world whose lab stands already, with the MeshNodes that were made in it. */
export function enterWorld(lab: Lab, nodes: ReadonlyMap<string, WorldNode> = new Map()): World {
  const notes: string[] = [];
  const report = {
    note: (subject: string, text: string) => void notes.push(`${subject}: ${text}`),
    progress: (_subject: string, progress: Progress) => world.onProgress(progress),
  };
  const context = { hosts: { open: openHost, removeAgent, bundledAgentHash }, report, programFolder: __dirname };
  const { identityFile } = lab;
  const world: World = { lab, identityFile, nodes: new Map(nodes), context, notes, onProgress: () => undefined };
  return world;
}

/** Ends the lab with everything in it. Nothing happens for a world that never opened. */
export async function closeWorld(world: World | undefined): Promise<void> {
  closeIdleHosts();
  if (world !== undefined) await labDown(world.lab.name);
}

/** The way to a host, as a program declares it. */
export function connectionTo(world: World, host: string): Connection {
  const found = world.lab.hosts.find((each) => each.name === host);
  if (found === undefined) throw new Error(`the lab has no host ${host}`);
  const { address, port, hostKey } = found;
  return { host: address, port, user: "root", hostKey, identity: world.identityFile };
}

/** The MeshNode of a host. */
export function nodeOf(world: World, host: string): WorldNode {
  const node = world.nodes.get(host);
  if (node === undefined) throw new Error(`host ${host} is no MeshNode yet`);
  return node;
}

/** Makes hosts MeshNodes: a, then b linked to a, then c linked to b. So a and c are not peers. */
export async function joinInARow(world: World, hosts: readonly string[] = ["a", "b", "c"]): Promise<void> {
  for (const [index, host] of hosts.entries()) {
    const peer = hosts[index - 1];
    const peers = peer === undefined ? [] : [{ id: nodeOf(world, peer).id, connection: connectionTo(world, peer) }];
    const connection = connectionTo(world, host);
    const declared = { owner, name: host, connection, mesh: { name: "m" }, peers, setup: false };
    const inputs = await checkNode(world, declared);
    const { id, outputs } = await meshNodeHandler.create(inputs, world.context, () => undefined);
    world.nodes.set(host, { id, declared, known: { inputs, outputs } });
  }
}

/** The checked inputs of a MeshNode; a mistake fails the test. */
export async function checkNode(world: World, declared: Values, previous?: Values): Promise<Values> {
  const { inputs, problems } = await meshNodeHandler.check(declared, previous, world.context);
  if (problems.length > 0) throw inputError("The test's MeshNode", problems);
  return inputs;
}

/** Deletes every MeshNode, the last one first. */
export async function leaveAll(world: World): Promise<void> {
  for (const [host, node] of [...world.nodes].reverse()) {
    await meshNodeHandler.delete(node.id, node.known, world.context);
    world.nodes.delete(host);
  }
}

/** Uses a session on a host's agent. */
export async function withAgent<T>(world: World, host: string, act: (session: HostSession) => Promise<T>): Promise<T> {
  const session = await openHost(connectionTo(world, host), { install: "never" });
  try {
    return await act(session);
  } finally {
    session.close();
  }
}
