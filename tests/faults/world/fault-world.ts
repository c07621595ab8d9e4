// The world that faults are made in: hosts a and b that a VM moves between, and host c that no fault touches, from which
// the guest's acknowledged blocks are observed. Everything goes through the controller's own handlers.

import { labDown } from "../../../provider/cli/lab/lab";
import { meshNodeHandler } from "../../../provider/controller/handlers/mesh-node";
import { inputError } from "../../../provider/model/errors";
import { createVm, type TrackedVm } from "../../e2e/world/tracked-vm";
import { closeWorld, connectionTo, nodeOf, openWorld, owner, type World } from "../../e2e/world/world";
import { CopiesWatch } from "../watch/copies-watch";
import { LedgerWatch } from "./ledger-watch";
import { Supervisor } from "./supervisor";

/** The two hosts between which the VM moves. */
export type FaultHost = "a" | "b";

/** The host that watches; no fault may touch it. */
export const observer = "c";

/** The disk that the guest writes to, and the words that make it. */
const guestWords = "leea.write=60 leea.dirty=4 leea.ws=8";

/** So slow that memory takes a second or two, and fast enough to converge. A link that is dead for 5 s is outlived. */
const fields = {
  memory: "96MiB",
  disks: [{ name: "root", size: "16MiB" }],
  migration: { maxBandwidth: "400Mbps", stallTimeout: "9s" },
};

/** The world with its VM under watch. */
export interface FaultWorld {
  readonly world: World;
  readonly vm: TrackedVm;
  readonly copies: CopiesWatch;
  readonly ledger: LedgerWatch;
  readonly services: Supervisor;
  /** The guest's boot, as it was last asked for. */
  bootId: string;
}

/** The other host. */
export function otherHost(host: FaultHost): FaultHost {
  return host === "a" ? "b" : "a";
}

const labs = new Set<string>();

/** Removes every lab that this process made and has not closed, for a program that must end now. */
export async function abandonWorlds(): Promise<void> {
  for (const name of labs) await labDown(name);
}

/** Makes hosts, mesh and VM, and starts to watch. The VM runs on a and writes. */
export async function openFaultWorld(name: string): Promise<FaultWorld> {
  const world = await openWorld(name, ["a", "b", observer]);
  labs.add(world.lab.name);
  try {
    await joinMesh(world);
    const vm = await createVm(world, "web", "a", { guest: guestWords, fields });
    const copies = new CopiesWatch(vm.id, () => world.lab);
    const bootId = await vm.booted(observer);
    const ledger = new LedgerWatch(world, observer, vm.outputs.address);
    await ledger.waitForMore(30);
    return { world, vm, copies, ledger, services: new Supervisor(world), bootId };
  } catch (error) {
    await closeWorld(world);
    throw error;
  }
}

/** Ends it all. Nothing happens for a world that never opened. */
export async function closeFaultWorld(opened: FaultWorld | undefined): Promise<void> {
  if (opened === undefined) return;
  opened.services.stop();
  opened.copies.stop();
  await opened.ledger.stop();
  await closeWorld(opened.world);
  labs.delete(opened.world.lab.name);
}

/** A and b are linked to each other, c to both: what cuts a from b leaves c a way to each. */
export async function joinMesh(world: World): Promise<void> {
  const peersOf: Readonly<Record<string, readonly string[]>> = { a: [], b: ["a"], [observer]: ["a", "b"] };
  for (const [host, peers] of Object.entries(peersOf)) {
    const references = peers.map((peer) => ({ id: nodeOf(world, peer).id, connection: connectionTo(world, peer) }));
    const connection = connectionTo(world, host);
    const declared = { owner, name: host, connection, mesh: { name: "m" }, peers: references, setup: false };
    const { inputs, problems } = await meshNodeHandler.check(declared, undefined, world.context);
    if (problems.length > 0) throw inputError("The fault world's MeshNode", problems);
    const { id, outputs } = await meshNodeHandler.create(inputs, world.context, () => undefined);
    world.nodes.set(host, { id, declared, known: { inputs, outputs } });
  }
}
