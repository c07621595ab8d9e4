// A look at the lab from beside the CLIs: what the hosts themselves report, and what a guest says.

import { askGuest } from "../../../../provider/cli/story/guest-link";
import { isLeeaError } from "../../../../provider/model/errors";
import { runInHost } from "../../world/tracked-vm";
import { waitFor } from "../../world/wait-for";
import { type World, withAgent } from "../../world/world";

/** A kernel that is emulated on a busy machine is slow to boot. */
const bootLimitMs = 90_000;

/** Kernel and initial RAM disk of the test guest. */
export function guestFiles(): { readonly kernel: string; readonly initrd: string } {
  const { LEEA_GUEST_KERNEL: kernel, LEEA_GUEST_INITRD: initrd } = process.env;
  if (kernel === undefined || initrd === undefined) throw new Error("the test guest is not named: run `npm test`");
  return { kernel, initrd };
}

/** `NAME STATE` of each VM, by the host that has it. Every host must be a MeshNode. */
export async function vmsByHost(world: World): Promise<Record<string, string[]>> {
  const look = async ({ name }: { readonly name: string }) => {
    const { vms } = await withAgent(world, name, (session) => session.call("listVms", {}));
    return [name, vms.map(({ spec, state }) => `${spec.name} ${state}`).sort()] as const;
  };
  return Object.fromEntries(await Promise.all(world.lab.hosts.map(look)));
}

/** A running guest, by its address and the host of the mesh that asks it. */
export interface AskedGuest {
  readonly from: string;
  readonly address: string;
}

/** Waits until the guest answers, and gives the id of its boot: another one after each start of its kernel. */
export async function bootIdOf(world: World, { from, address }: AskedGuest): Promise<string> {
  const ask = () =>
    askGuest(runInHost(world, from), address, "status", 2_000).catch((error: unknown) => {
      if (isLeeaError(error, "TIMED_OUT")) return undefined; // not up yet
      throw error;
    });
  return (await waitFor(`the guest at ${address}`, ask, bootLimitMs)).bootId;
}

/** Lets the guest power itself off, behind the back of whoever declared it, and waits until its host says so. */
export async function stopByHand(world: World, name: string, guest: AskedGuest): Promise<void> {
  await askGuest(runInHost(world, guest.from), guest.address, "poweroff");
  const isStopped = async () =>
    Object.values(await vmsByHost(world))
      .flat()
      .includes(`${name} stopped`);
  await waitFor(`${name} to be stopped`, isStopped, 30_000);
}
