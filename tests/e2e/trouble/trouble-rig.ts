// What the tests of trouble share: hosts that become MeshNodes one by one, small VMs that boot nothing, and a look at what a
// host holds. Built on the world of the main job's tests, so everything goes through the product's own handlers.

import type { KnownState, Values } from "../../../provider/controller/handlers/handler-context";
import { meshNodeHandler } from "../../../provider/controller/handlers/mesh-node";
import { vmHandler } from "../../../provider/controller/handlers/vm";
import { closeIdleHosts } from "../../../provider/controller/host-pool";
import { describeError, isLeeaError, type LeeaError } from "../../../provider/model/errors";
import { runInside } from "../enter-lab";
import { checkNode, connectionTo, nodeOf, owner, type World } from "../world/world";

/** A MeshNode or VM as its program and its engine hold it. */
export interface Made {
  readonly id: string;
  known: KnownState;
}

/** A declaration of a host, without peers unless named. Fields may differ. */
export function declareHost(world: World, host: string, fields: Values = {}, peers: readonly string[] = []): Values {
  const references = peers.map((peer) => ({ id: nodeOf(world, peer).id, connection: connectionTo(world, peer) }));
  return {
    owner,
    name: host,
    connection: connectionTo(world, host),
    mesh: { name: "m" },
    peers: references,
    setup: false,
    ...fields,
  };
}

/** Makes a host a MeshNode of the world. */
export async function makeNode(
  world: World,
  host: string,
  fields: Values = {},
  peers: readonly string[] = [],
): Promise<Made> {
  const declared = declareHost(world, host, fields, peers);
  const inputs = await checkNode(world, declared);
  const { id, outputs } = await meshNodeHandler.create(inputs, world.context, () => undefined);
  const made = { id, declared, known: { inputs, outputs } };
  world.nodes.set(host, made);
  return made;
}

/** A declaration of a VM that finds nothing to boot: cheap, and all that most trouble needs. */
export function declareVm(world: World, name: string, host: string, fields: Values = {}): Values {
  const place = { node: nodeOf(world, host).id, nodeConnection: connectionTo(world, host) };
  return {
    owner,
    logicalName: name,
    ...place,
    vcpus: 1,
    memory: "64MiB",
    disks: [{ name: "root", size: "1MiB" }],
    ...fields,
  };
}

/** The checked inputs of a VM; a mistake fails the test. */
export async function checkVm(world: World, declared: Values, previous?: Values): Promise<Values> {
  const { inputs, problems } = await vmHandler.check(declared, previous, world.context);
  expect(problems).toEqual([]);
  return inputs;
}

/** Creates a VM and gives it as an engine would hold it. */
export async function makeVm(world: World, name: string, host: string, fields: Values = {}): Promise<Made> {
  const inputs = await checkVm(world, declareVm(world, name, host, fields));
  const { id, outputs } = await vmHandler.create(inputs, world.context, () => undefined);
  return { id, known: { inputs, outputs } };
}

/** The error that the work ends in; a success, or an error that nobody threw on purpose, fails the test. */
export async function errorOf(work: Promise<unknown>): Promise<LeeaError & { text: string }> {
  const caught: unknown = await work.then(
    (value) => new Error(`it succeeded: ${JSON.stringify(value)}`),
    (error: unknown) => error,
  );
  if (!isLeeaError(caught)) throw caught;
  return Object.assign(caught, { text: describeError(caught) });
}

/** Whatever of VMs is on a host: records, folders, drafts, taps, rules, QEMUs and DHCP servers, one line each. */
export async function listVmTraces(world: World, host: string): Promise<string> {
  return runInside(
    world.lab,
    host,
    `set +e
    grep -L '"role":"deleted"' /var/lib/leea/records/*.json 2>/dev/null
    find /var/lib/leea/vm /run/leea-vm -mindepth 1 2>/dev/null | sort
    find /var/lib/leea /run/leea -name '*.part' -o -name '*.tmp' 2>/dev/null | sort
    ip -oneline link show | grep -oE 'leea[tb][^:@]*' | sort -u
    nft list ruleset 2>/dev/null | grep -oE '"leea[tb][^*"]+"' | sort -u
    ps -eo args= | grep -E '[q]emu-system.*leea-|[d]nsmasq.*/vm' | cut -c 1-80
    true`,
  );
}

/** Pids and argv of every process of the host but those of SSH sessions and of this look; to compare before and after. */
export async function listProcesses(world: World, host: string): Promise<string> {
  return runInside(
    world.lab,
    host,
    "ps -eo pid=,args= --sort pid | grep -vE 'sshd|sleep infinity|\\bps -eo|grep -vE|bash -ec|agent.cjs'; true",
  );
}

/** Lets the next test begin with new connections. */
export function forgetConnections(): void {
  closeIdleHosts();
}
