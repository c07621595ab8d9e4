// The bench's own hosts: two in a lab of its own, made by the real handlers, gone afterwards.

import type { HandlerContext, KnownState, ResourceHandler, Values } from "../../controller/handlers/handler-context";
import { meshNodeHandler } from "../../controller/handlers/mesh-node";
import { vmHandler } from "../../controller/handlers/vm";
import { bundledAgentHash, openHost, removeAgent } from "../../controller/host-session";
import type { Connection } from "../../model/connection";
import { inputError } from "../../model/errors";
import { type Lab, labDown, labUp } from "../lab/lab";

const labName = "bench";
const owner = "leea/bench/lab";

/** Hosts a and b, and how a handler is called about them. */
export interface BenchWorld {
  readonly lab: Lab;
  readonly context: HandlerContext;
}

/** A thing that a handler made. */
export interface Made {
  readonly id: string;
  readonly known: KnownState;
}

/** Fresh hosts, whatever an earlier run left. */
export async function openBench(): Promise<BenchWorld> {
  await labDown(labName);
  const lab = await labUp({ name: labName, hosts: ["a", "b"] });
  const report = { note: () => undefined, progress: () => undefined };
  const context = { hosts: { open: openHost, removeAgent, bundledAgentHash }, report, programFolder: process.cwd() };
  return { lab, context };
}

/** Ends them. */
export async function closeBench(): Promise<void> {
  await labDown(labName);
}

/** The way to a host. */
export function wayTo(world: BenchWorld, name: string): Connection {
  const host = world.lab.hosts.find((each) => each.name === name);
  if (host === undefined) throw new Error(`the bench has no host ${name}`);
  return {
    host: host.address,
    port: host.port,
    user: "root",
    hostKey: host.hostKey,
    identity: world.lab.identityFile,
  };
}

/** Makes a MeshNode of a host. */
export function makeNode(
  world: BenchWorld,
  name: string,
  peer?: { readonly id: string; readonly name: string },
): Promise<Made> {
  const peers = peer === undefined ? [] : [{ id: peer.id, connection: wayTo(world, peer.name) }];
  return make(world, meshNodeHandler, {
    owner,
    name,
    connection: wayTo(world, name),
    mesh: { name: "bench" },
    peers,
    setup: false,
  });
}

/** What is declared of the VM when it is to run on a host. */
export function vmOn(world: BenchWorld, node: { readonly id: string; readonly name: string }, boot: Values): Values {
  return {
    owner,
    logicalName: "bench",
    node: node.id,
    nodeConnection: wayTo(world, node.name),
    vcpus: 1,
    memory: "256MiB",
    boot,
    disks: [{ name: "data", size: "64MiB" }],
    nics: [{ mesh: { ingress: [{ from: "nodes" }] } }],
  };
}

/** Makes the VM. */
export function makeVm(world: BenchWorld, declared: Values): Promise<Made> {
  return make(world, vmHandler, declared);
}

/** Brings the VM to what is declared now. */
export async function changeVm(world: BenchWorld, vm: Made, declared: Values): Promise<Made> {
  const inputs = await check(world, vmHandler, declared, vm.known.inputs);
  return { id: vm.id, known: await vmHandler.update(vm.id, vm.known, inputs, world.context) };
}

async function make(world: BenchWorld, handler: ResourceHandler, declared: Values): Promise<Made> {
  const inputs = await check(world, handler, declared);
  const { id, outputs } = await handler.create(inputs, world.context, () => undefined);
  return { id, known: { inputs, outputs } };
}

async function check(world: BenchWorld, handler: ResourceHandler, declared: Values, before?: Values): Promise<Values> {
  const { inputs, problems } = await handler.check(declared, before, world.context);
  if (problems.length > 0) throw inputError("The bench", problems);
  return inputs;
}
