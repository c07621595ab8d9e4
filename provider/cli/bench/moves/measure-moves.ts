// Rows of moves: STOP to RESUME, outage, QEMU's downtime and the whole move, of leea, the bare script and libvirt in turns,
// on one path after the other, each with a guest that dirties a quarter and then seven tenths of what the path carries.

import { hasLibvirt, startLibvirt } from "../peer/libvirt-host";
import type { BenchRow } from "../report/bench-row";
import { type Bench, measurePart } from "../rig/bench";
import { makeNode, type Node, openWorld, type World } from "../rig/world";
import { type MovePath, meshPath, plainPath } from "./move-path";
import { measureRounds } from "./move-rounds";
import { rowsOfMoves } from "./move-rows";
import { measurePathRate } from "./path-rate";
import { rawName } from "./raw-guest";

const shares = [25, 70] as const;
/** A multiple of the sides, so that each is the first as often as the others. */
const rounds = 6;

/** Measures on two hosts. */
export async function measureMoves(bench: Bench): Promise<void> {
  const world = await openWorld(bench, "moves", ["a", "b"]);
  const a = await makeNode(world, "a", []);
  const nodes = [a, await makeNode(world, "b", [a])] as const;
  const withPeer = hasLibvirt();
  bench.tell(`the hosts are MeshNodes${withPeer ? "; starting libvirt on both" : ""}`);
  if (withPeer) for (const { name } of nodes) await startLibvirt(world, name);
  for (const path of [meshPath(world, nodes), plainPath(world, nodes)]) {
    await measurePart(bench, `moves over ${path.name}`, () => measurePath(bench, world, { path, nodes, withPeer }));
  }
}

async function measurePath(
  bench: Bench,
  world: World,
  { path, nodes, withPeer }: { path: MovePath; nodes: readonly [Node, Node]; withPeer: boolean },
): Promise<readonly BenchRow[]> {
  bench.tell(`${path.name}: how much it carries`);
  const rate = await measurePathRate(world, rawName(1), "a", { host: "b", address: path.addressOf("b") });
  bench.tell(`${path.name} carries ${Math.round(rate)} MiB/s of such a stream`);
  for (const share of bench.quick ? shares.slice(0, 1) : shares) {
    const title = `${path.name}, guest dirties ${share} %`;
    const dirty = Math.max(1, Math.round((rate * share) / 100));
    await measurePart(bench, `moves over ${title}`, async () => {
      const samples = await measureRounds(bench, world, { path, nodes, dirty, rounds: bench.count(rounds), withPeer });
      return rowsOfMoves(title, { rate, dirty, samples });
    });
  }
  return [];
}
