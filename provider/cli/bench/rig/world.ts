// The hosts of a group: a lab of its own, made MeshNodes by the product's own handlers, gone when the group ends.

import { spawn } from "node:child_process";
import type { HandlerContext, KnownState, ResourceHandler, Values } from "../../../controller/handlers/handler-context";
import { meshNodeHandler } from "../../../controller/handlers/mesh-node";
import { vmHandler } from "../../../controller/handlers/vm";
import { closeIdleHosts } from "../../../controller/host-pool";
import { bundledAgentHash, openHost, removeAgent } from "../../../controller/host-session";
import type { Connection } from "../../../model/connection";
import { inputError, LeeaError } from "../../../model/errors";
import { type Lab, labDown, labNetworkArgv, labUp } from "../../lab/lab";
import { systemPath } from "../../lab/machine/run-command";
import type { RunIn } from "../../story/guest-client";
import type { Bench } from "./bench";
import { guestFiles } from "./guest-files";

const owner = "leea/bench/lab";

/** The hosts, and how a handler is called about them. */
export interface World {
  readonly lab: Lab;
  readonly context: HandlerContext;
}

/** A thing that a handler made. */
export interface Made {
  readonly id: string;
  readonly known: KnownState;
}

/** A host that is a MeshNode. */
export interface Node extends Made {
  readonly name: string;
}

/** Fresh hosts, whatever an earlier run left. */
export async function openWorld(bench: Bench, name: string, hosts: readonly string[]): Promise<World> {
  const labName = `bench-${name}`;
  await labDown(labName);
  bench.onEnd(() => labDown(labName));
  bench.onEnd(closeIdleHosts);
  bench.tell(`starting ${hosts.length} host${hosts.length === 1 ? "" : "s"}`);
  const lab = await labUp({ name: labName, hosts });
  const report = { note: () => undefined, progress: () => undefined };
  const ways = { open: openHost, removeAgent, bundledAgentHash };
  return { lab, context: { hosts: ways, report, programFolder: bench.checkout.root } };
}

/** The way to a host. */
export function wayTo(world: World, name: string): Connection {
  const { address, port, hostKey } = hostOf(world, name);
  return { host: address, port, user: "root", hostKey, identity: world.lab.identityFile };
}

/** A host's record in the lab. */
export function hostOf({ lab }: World, name: string): Lab["hosts"][number] {
  const host = lab.hosts.find((each) => each.name === name);
  if (host !== undefined) return host;
  throw new LeeaError({ code: "INTERNAL", message: `the bench has no host ${name}` });
}

/** A path of a host's own file system, as this machine sees it (proc(5), root). */
export function pathIn(world: World, host: string, path: string): string {
  return `/proc/${hostOf(world, host).pid}/root${path}`;
}

/** Makes a MeshNode of a host, linked to `peers`. */
export async function makeNode(world: World, name: string, peers: readonly Node[]): Promise<Node> {
  const made = await make(world, meshNodeHandler, {
    owner,
    name,
    connection: wayTo(world, name),
    mesh: { name: "bench" },
    peers: peers.map((peer) => ({ id: peer.id, connection: wayTo(world, peer.name) })),
    setup: false,
  });
  return { ...made, name };
}

/** What is declared of a VM that is to run on a host. */
export function vmOn(world: World, node: Node, fields: Values = {}): Values {
  return {
    owner,
    logicalName: "bench",
    node: node.id,
    nodeConnection: wayTo(world, node.name),
    vcpus: 1,
    memory: "256MiB",
    boot: { ...guestFiles(), cmdline: "console=ttyS0 quiet leea.dirty=0 leea.write=0" },
    disks: [{ name: "data", size: "64MiB" }],
    nics: [{ mesh: { ingress: [{ from: "nodes" }] } }],
    ...fields,
  };
}

/** Makes a VM. */
export function makeVm(world: World, declared: Values): Promise<Made> {
  return make(world, vmHandler, declared);
}

/** Brings a VM to what is declared now; on another node, it moves. */
export async function changeVm(world: World, vm: Made, declared: Values): Promise<Made> {
  const inputs = await check(world, vmHandler, declared, vm.known.inputs);
  return { id: vm.id, known: await vmHandler.update(vm.id, vm.known, inputs, world.context) };
}

/** Deletes a VM. */
export async function deleteVm(world: World, vm: Made): Promise<void> {
  await vmHandler.delete(vm.id, vm.known, world.context);
}

/** Runs programs of the checkout in a host's network, streams piped. */
export function runInHost(world: World, host: string): RunIn {
  return (argv) => {
    const [program = "", ...args] = labNetworkArgv(world.lab, host, argv);
    const child = spawn(program, args, { stdio: "pipe", env: { ...process.env, PATH: systemPath } });
    child.stdin.on("error", () => undefined); // a client that ended early has said why by its status
    return child;
  };
}

async function make(world: World, handler: ResourceHandler, declared: Values): Promise<Made> {
  const inputs = await check(world, handler, declared);
  const { id, outputs } = await handler.create(inputs, world.context, () => undefined);
  return { id, known: { inputs, outputs } };
}

async function check(world: World, handler: ResourceHandler, declared: Values, before?: Values): Promise<Values> {
  const { inputs, problems } = await handler.check(declared, before, world.context);
  if (problems.length > 0) throw inputError("The bench", problems);
  return inputs;
}
