// The guests that are pinged while they move: leea's, the bare script's and libvirt's.

import { setTimeout as wait } from "node:timers/promises";
import { asText } from "../../../model/inputs/loose-values";
import { type RawName, startRaw } from "../moves/raw-guest";
import { moveRaw, quitRaw } from "../moves/raw-move";
import { virsh } from "../peer/libvirt-host";
import { moveVirsh, startVirshGuest, virshTap } from "../peer/virsh-move";
import { changeVm, deleteVm, makeVm, type Node, vmOn, type World } from "../rig/world";
import {
  announce,
  endHandOver,
  type Flip,
  handOver,
  handOverRoute,
  type Links,
  spareAddress,
  withdraw,
} from "./script-routes";

/** A guest that moves between a and b. `settleMs`: how long after a move something may still be lost. */
export interface Pinged {
  readonly address: string;
  readonly settleMs: number;
  readonly move: (pair: readonly [Node, Node]) => Promise<void>;
  readonly end: () => Promise<void>;
}

// The source withdraws 5 s after a move; whatever that loses must be seen.
const withdrawMs = 5_000;
const seenMs = 1_500;

/** leea's guest. */
export async function leeaPinged(world: World, on: Node): Promise<Pinged> {
  let vm = await makeVm(world, vmOn(world, on));
  return {
    address: String(vm.known.outputs["address"]),
    settleMs: withdrawMs + seenMs,
    move: async ([, to]) => {
      vm = await changeVm(world, vm, vmOn(world, to));
    },
    end: () => deleteVm(world, vm),
  };
}

/** The floor's: the script hands over at QEMU's STOP, and withdraws as late as leea does. */
export async function floorPinged(world: World, on: Node, links: Links): Promise<Pinged> {
  const name: RawName = { index: 0, address: spareAddress(on, 10) };
  const shape = { memoryMib: 256, diskMib: 64 };
  let guest = await startRaw(world, on.name, { name, incoming: false, shape });
  await announce(world, on, name.address, "raw0");
  return {
    address: name.address,
    settleMs: seenMs,
    move: async ([from, to]) => {
      const flip: Flip = { from, to, address: name.address, tap: "raw0" };
      const route = handOverRoute(links, flip);
      await endHandOver(world, { ...flip, from: to });
      const onStop = () => handOver(world, flip, route);
      guest = (await moveRaw(world, guest, name, { host: to.name, address: meshAddressOf(to), onStop })).guest;
      await wait(withdrawMs);
      await withdraw(world, from, name.address);
      await wait(seenMs);
      await endHandOver(world, flip);
    },
    end: () => quitRaw(guest),
  };
}

/** The peer's: both routes are changed when the destination says that the guest runs there. */
export async function peerPinged(world: World, on: Node): Promise<Pinged> {
  let guest = await startVirshGuest(world, on.name, spareAddress(on, 20));
  await announce(world, on, guest.address, virshTap);
  return {
    address: guest.address,
    settleMs: seenMs,
    move: async ([from, to]) => {
      const flip = async (): Promise<void> => {
        await Promise.all([announce(world, to, guest.address, virshTap), withdraw(world, from, guest.address)]);
      };
      guest = (await moveVirsh(world, guest, { host: to.name, streamAddress: meshAddressOf(to) }, flip)).guest;
    },
    end: async () => {
      await virsh(world, guest.host, ["destroy", "bench"]);
    },
  };
}

function meshAddressOf(node: Node): string {
  return asText(node.known.outputs["meshAddress"]) ?? "";
}
