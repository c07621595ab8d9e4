// Moves in turns: each round moves leea's guest, the floor's and the peer's once, there or back. A guest dirties its
// memory only while it is its turn; between turns all rest.

import { setTimeout as wait } from "node:timers/promises";
import { askGuest } from "../../story/guest-link";
import { virsh } from "../peer/libvirt-host";
import { moveVirsh, startVirshGuest } from "../peer/virsh-move";
import type { Bench } from "../rig/bench";
import { guestFiles } from "../rig/guest-files";
import { deleteVm, makeVm, type Node, runInHost, vmOn, type World } from "../rig/world";
import { moveLeea } from "./leea-move";
import type { MovePath } from "./move-path";
import type { CutoverTimes, MoveSample } from "./move-sample";
import { guestCmdline, guestShape, rawName, startRaw } from "./raw-guest";
import { moveRaw, quitRaw } from "./raw-move";

/** What is to be measured. `dirty` in MiB/s. */
export interface RoundsWish {
  readonly path: MovePath;
  readonly nodes: readonly [Node, Node];
  readonly dirty: number;
  readonly rounds: number;
  readonly withPeer: boolean;
}

/** Samples by side, and where the time of leea's and of the floor's cutovers went. */
export interface MoveSamples {
  readonly leea: MoveSample[];
  readonly floor: MoveSample[];
  readonly peer: MoveSample[];
  readonly times: CutoverTimes[];
  readonly floorTimes: CutoverTimes[];
}

/** One side: moves its guest once in the direction. */
interface Mover {
  readonly side: "leea" | "floor" | "peer";
  readonly address: () => string;
  readonly move: (from: Node, to: Node) => Promise<MoveSample>;
  readonly end: () => Promise<unknown>;
}

const settleMs = 500;

/** Runs the rounds. */
export async function measureRounds(bench: Bench, world: World, wish: RoundsWish): Promise<MoveSamples> {
  const samples: MoveSamples = { leea: [], floor: [], peer: [], times: [], floorTimes: [] };
  const movers: Mover[] = [];
  try {
    movers.push(await leeaMover(world, wish, samples.times));
    movers.push(await floorMover(world, wish, samples.floorTimes));
    if (wish.withPeer) movers.push(await peerMover(world, wish));
    for (const { address } of movers) await askGuest(runInHost(world, "a"), address(), "status", 90_000);
    await moveInTurns(bench, { world, wish, movers, samples });
  } finally {
    await Promise.allSettled(movers.map(({ end }) => end())); // a guest that died in the round has nothing to end
  }
  return samples;
}

interface Turns {
  readonly world: World;
  readonly wish: RoundsWish;
  readonly movers: readonly Mover[];
  readonly samples: MoveSamples;
}

/** Who moves first in a round takes memory that no guest had yet, and clearing that is slow: so the first changes, and round 0 counts for nobody. */
async function moveInTurns(bench: Bench, { world, wish, movers, samples }: Turns): Promise<void> {
  const isOut = new Set<Mover>();
  for (let round = 0; round <= wish.rounds; round += 1) {
    const [from, to] = round % 2 === 0 ? wish.nodes : ([wish.nodes[1], wish.nodes[0]] as const);
    const first = round % movers.length;
    for (const mover of [...movers.slice(first), ...movers.slice(0, first)]) {
      if (isOut.has(mover)) continue;
      const move = () => moveBusy(world, mover, { from, to, dirty: wish.dirty });
      const sample = await moveOrTell(bench, move, mover.side);
      if (sample === undefined) isOut.add(mover);
      else samples[mover.side].push(sample);
    }
    bench.tell(`${wish.path.name}, ${wish.dirty} MiB/s, round ${round}/${wish.rounds}: ${tellRound(samples)}`);
    if (round === 0) for (const list of Object.values(samples)) list.length = 0;
  }
}

/** A side whose move fails is out, as nobody knows where its guest is; the others go on, and what it has shown counts. */
async function moveOrTell(
  bench: Bench,
  move: () => Promise<MoveSample>,
  side: Mover["side"],
): Promise<MoveSample | undefined> {
  try {
    return await move();
  } catch (error) {
    bench.tell(`${side} is out: ${error instanceof Error ? error.message : String(error)}`);
    return undefined;
  }
}

async function moveBusy(
  world: World,
  mover: Mover,
  { from, to, dirty }: { from: Node; to: Node; dirty: number },
): Promise<MoveSample> {
  const { workingSetMib } = guestShape;
  await askGuest(runInHost(world, from.name), mover.address(), `dirty ${dirty} ${workingSetMib}`);
  await wait(settleMs);
  const sample = await mover.move(from, to);
  await askGuest(runInHost(world, to.name), mover.address(), `dirty 0 ${workingSetMib}`, 30_000);
  return sample;
}

async function leeaMover(world: World, { path, nodes }: RoundsWish, times: CutoverTimes[]): Promise<Mover> {
  const fields = {
    memory: `${guestShape.memoryMib}MiB`,
    disks: [{ name: "data", size: `${guestShape.diskMib}MiB` }],
    boot: { ...guestFiles(), cmdline: guestCmdline },
    ...path.fields,
  };
  let vm = await makeVm(world, vmOn(world, nodes[0], fields));
  return {
    side: "leea",
    address: () => String(vm.known.outputs["address"]),
    move: async (from, to) => {
      const moved = await moveLeea(world, vm, [from, to], fields);
      vm = moved.vm;
      times.push(moved.times);
      return moved.sample;
    },
    end: () => deleteVm(world, vm),
  };
}

async function floorMover(world: World, { path }: RoundsWish, times: CutoverTimes[]): Promise<Mover> {
  const name = rawName(0);
  let guest = await startRaw(world, "a", { name, incoming: false });
  return {
    side: "floor",
    address: () => name.address,
    move: async (_from, to) => {
      const moved = await moveRaw(world, guest, name, { host: to.name, address: path.addressOf(to.name) });
      guest = moved.guest;
      times.push(moved.times);
      return moved.sample;
    },
    end: () => quitRaw(guest),
  };
}

async function peerMover(world: World, { path }: RoundsWish): Promise<Mover> {
  let guest = await startVirshGuest(world, "a");
  return {
    side: "peer",
    address: () => guest.address,
    move: async (_from, to) => {
      const moved = await moveVirsh(world, guest, { host: to.name, streamAddress: path.addressOf(to.name) });
      guest = moved.guest;
      return moved.sample;
    },
    end: () => Promise.allSettled(["a", "b"].map((host) => virsh(world, host, ["destroy", "bench"]))),
  };
}

function tellRound({ leea, floor, peer }: MoveSamples): string {
  const last = (samples: readonly MoveSample[]): string => {
    const sample = samples.at(-1);
    return sample === undefined
      ? "-"
      : `${Math.round(sample.stopToResumeMs)}/${Math.round(sample.downtimeMs)}/${Math.round(sample.wholeMs)}`;
  };
  return `STOP-RESUME/downtime/whole ms: leea ${last(leea)}, floor ${last(floor)}, peer ${last(peer)}`;
}
