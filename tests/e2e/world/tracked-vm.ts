// One VM of the world: declared, created, moved, read and destroyed by the controller's handler, its state kept as an
// engine would keep it. The guest is the test guest of setup/guest.

import { type ChildProcess, spawn } from "node:child_process";
import { labNetworkArgv } from "../../../provider/cli/lab/lab";
import type { GuestAnswer, GuestCommand } from "../../../provider/cli/story/guest-answers";
import type { RunIn } from "../../../provider/cli/story/guest-client";
import { askGuest } from "../../../provider/cli/story/guest-link";
import type { DiffResult, KnownState, Values } from "../../../provider/controller/handlers/handler-context";
import { vmHandler } from "../../../provider/controller/handlers/vm";
import { inputError, isLeeaError } from "../../../provider/model/errors";
import type { VMOutputs } from "../../../schema/generated/declared";
import { waitFor } from "./wait-for";
import { connectionTo, nodeOf, owner, type World } from "./world";

/** Fields of a VM declaration that differ from the usual test guest's; `guest` are words for its kernel command line. */
export interface VmWish {
  readonly guest?: string;
  readonly fields?: Values;
}

/** Starts programs in the network of a host of the world, streams piped. */
export function runInHost(world: World, host: string): RunIn {
  return (argv): ChildProcess => {
    const [program = "", ...args] = labNetworkArgv(world.lab, host, argv);
    const child = spawn(program, args, { stdio: "pipe" });
    child.stdin.on("error", () => undefined); // a client that ended early has said why by its status
    return child;
  };
}

/** A VM of the world. */
export class TrackedVm {
  readonly id: string;
  readonly world: World;
  readonly name: string;
  known: KnownState;
  readonly wish: VmWish;

  constructor(world: World, name: string, made: { id: string; known: KnownState; wish: VmWish }) {
    this.world = world;
    this.name = name;
    this.id = made.id;
    this.known = made.known;
    this.wish = made.wish;
  }

  get outputs(): VMOutputs {
    return this.known.outputs as unknown as VMOutputs;
  }

  /** The VM's inputs as its program would declare them for this host. */
  async inputsOn(host: string, fields: Values = {}): Promise<Values> {
    const declared = { ...declare(this.world, this.name, host, this.wish), ...fields };
    return checkVm(this.world, declared, this.known.inputs);
  }

  /** What preview would say of this VM declared on `host`. */
  async preview(host: string, fields: Values = {}): Promise<DiffResult> {
    return vmHandler.diff(this.id, this.known, await this.inputsOn(host, fields), this.world.context);
  }

  /** Brings the VM to what is declared: on another host, a live move. */
  async update(host: string, fields: Values = {}): Promise<void> {
    const inputs = await this.inputsOn(host, fields);
    this.known = await vmHandler.update(this.id, this.known, inputs, this.world.context);
  }

  /** What refresh does; a VM that is gone fails the test. */
  async refresh(): Promise<void> {
    const found = await vmHandler.read(this.id, this.known, this.world.context);
    if (found === undefined) throw new Error(`VM ${this.name} is gone`);
    this.known = found;
  }

  /** Deletes the VM. */
  async destroy(): Promise<void> {
    await vmHandler.delete(this.id, this.known, this.world.context);
  }

  /** Asks the guest from a host of the mesh. */
  ask<Command extends GuestCommand>(from: string, command: Command): Promise<GuestAnswer<Command>> {
    return askGuest(runInHost(this.world, from), this.outputs.address, command);
  }

  /** Waits until the guest answers on `from`, so that it has booted and its route is known there. */
  async booted(from: string): Promise<string> {
    const runIn = runInHost(this.world, from);
    const ask = () =>
      askGuest(runIn, this.outputs.address, "status", 2_000).catch((error: unknown) => {
        if (isLeeaError(error, "TIMED_OUT")) return undefined; // not up yet
        throw error;
      });
    return (await waitFor(`the guest of ${this.name}`, ask, 90_000)).bootId;
  }

  /** Waits until the guest has written `blocks` more acknowledged blocks than now, so that a load is on. */
  async wroteMore(from: string, blocks: number): Promise<void> {
    const acked = async () => (await this.ask(from, "status")).disks.reduce((sum, disk) => sum + disk.acked, 0);
    const goal = (await acked()) + blocks;
    await waitFor(`${blocks} more blocks`, async () => (await acked()) >= goal, 60_000);
  }
}

/** Creates a VM on a host and gives it once its host reports it. */
export async function createVm(world: World, name: string, host: string, wish: VmWish = {}): Promise<TrackedVm> {
  const inputs = await checkVm(world, declare(world, name, host, wish), undefined);
  const { id, outputs } = await vmHandler.create(inputs, world.context, () => undefined);
  return new TrackedVm(world, name, { id, known: { inputs, outputs }, wish });
}

/** Two disks that the guest writes to. */
export const twoDisks = [
  { name: "root", size: "96MiB" },
  { name: "data", size: "64MiB" },
] as const;

function declare(world: World, name: string, host: string, { guest = "", fields = {} }: VmWish): Values {
  const { LEEA_GUEST_KERNEL: kernel, LEEA_GUEST_INITRD: initrd } = process.env;
  if (kernel === undefined || initrd === undefined) throw new Error("the test guest is not named: run `npm test`");
  return {
    owner,
    logicalName: name,
    node: nodeOf(world, host).id,
    nodeConnection: connectionTo(world, host),
    vcpus: 1,
    memory: "128MiB",
    // A kernel that boots emulated on a busy machine takes its late timer for a broken one, and panics.
    boot: { kernel, initrd, cmdline: `console=ttyS0 quiet no_timer_check ${guest}`.trim() },
    nics: [{ mesh: { ingress: [{ from: "nodes" }] } }],
    ...fields,
  };
}

async function checkVm(world: World, declared: Values, previous: Values | undefined): Promise<Values> {
  const { inputs, problems } = await vmHandler.check(declared, previous, world.context);
  if (problems.length > 0) throw inputError("The test's VM", problems);
  return inputs;
}
