// The agent's mesh part alone, as a program: one act a process, so that every act is also an agent's restart. Bundled and run inside
// the lab's hosts by mesh.test.ts. Arguments: ACT JSON. Prints JSON: {"result": …} or {"error": …}.

import { hostPaths } from "../../../provider/agent/host-paths";
import { fileLog } from "../../../provider/agent/log";
import * as mesh from "../../../provider/agent/mesh/mesh";
import { callPeer } from "../../../provider/agent/peer/call-peer";
import { startPeerServer } from "../../../provider/agent/peer/peer-server";
import { linuxSystem } from "../../../provider/agent/system/linux-system";
import type { NodeDescriptor } from "../../../provider/protocol/node";
import { toWireError } from "../../../provider/protocol/wire-error";

const paths = hostPaths();
const ctx = { system: linuxSystem, paths, log: fileLog("/var/log/mesh-agent.log") };

interface CallInput {
  readonly peer: NodeDescriptor;
  readonly count: number;
}

/** Calls the peer a number of times; gives what it answered last. */
async function call({ peer, count }: CallInput): Promise<unknown> {
  let answer: unknown;
  for (let index = 0; index < count; index += 1) {
    answer = await callPeer(ctx, peer, "readMove", { params: { moveId: "any-move-1" }, body: undefined });
  }
  return { answer };
}

/** Looks after the mesh each tenth of a second, until it is killed. */
async function watch(): Promise<unknown> {
  mesh.watchMesh(ctx, 100);
  return stayAlive("watching");
}

/** Answers every peer verb with the caller's fingerprint, until it is killed. */
async function serve(): Promise<unknown> {
  const server = await startPeerServer(ctx, async ({ callerFingerprint }) => ({ state: callerFingerprint }));
  return stayAlive(`listening on ${server.address}`);
}

/** Tells that it is ready, and where its pid is to be found, and never ends. */
async function stayAlive(words: string): Promise<unknown> {
  await ctx.system.writeText(`${paths.run}/mesh-agent.pid`, String(process.pid));
  process.stdout.write(`${words}\n`);
  setInterval(() => undefined, 60_000);
  return new Promise(() => undefined);
}

const acts: Readonly<Record<string, (input: never) => Promise<unknown>>> = {
  identity: () => mesh.readIdentity(ctx),
  putMesh: (input) => mesh.putMesh(ctx, input),
  vouch: (input) => mesh.vouch(ctx, input),
  putLink: (input) => mesh.putLink(ctx, input),
  deleteLink: (input) => mesh.deleteLink(ctx, input),
  describe: () => mesh.describeMesh(ctx).then((description) => description ?? null),
  conflicts: () => mesh.findMeshConflicts(ctx),
  restore: () => mesh.restoreMesh(ctx),
  leave: () => mesh.leaveMesh(ctx),
  call,
  serve,
  watch,
};

async function main(): Promise<void> {
  const [name = "", text = "null"] = process.argv.slice(2);
  const act = acts[name];
  if (act === undefined) throw new Error(`no act ${name}`);
  try {
    console.log(JSON.stringify({ result: await act(JSON.parse(text) as never) }));
  } catch (error) {
    // The test judges errors by their code, so they travel as data.
    console.log(JSON.stringify({ error: toWireError(error) }));
  }
  process.exit(0);
}

void main();
