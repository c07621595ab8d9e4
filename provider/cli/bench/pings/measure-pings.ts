// Rows: echo requests each 10 ms that a moving VM never answers, and the longest silence, seen from a third host in five
// shapes of mesh: by leea, by a bare script with the measured order of routes, and by virsh with the routes flipped on
// its event.

import { setTimeout as wait } from "node:timers/promises";
import { askGuest } from "../../story/guest-link";
import { type PingReport, startWatch } from "../../story/guest-watch";
import { hasLibvirt, startLibvirt } from "../peer/libvirt-host";
import { atMost, atMostPeer, type BenchRow, makeRow } from "../report/bench-row";
import { type Bench, measurePart } from "../rig/bench";
import { makeNode, type Node, openWorld, runInHost, type World } from "../rig/world";
import { floorPinged, leeaPinged, type Pinged, peerPinged } from "./pinged-sides";
import { quietHosts } from "./script-routes";
import { type Topology, topologies } from "./topologies";

type Side = "leea" | "floor" | "peer";
type Reports = Record<Side, PingReport[]>;

const rounds: Readonly<Record<Side, number>> = { leea: 3, floor: 2, peer: 2 };
const beforeMs = 500;

/** Measures one shape after the other. */
export async function measurePings(bench: Bench): Promise<void> {
  for (const topology of bench.quick ? topologies.slice(0, 1) : topologies) {
    const row = `pings lost in a move, ${topology.name}`;
    await measurePart(bench, row, async () => rowsOf(topology, await measureTopology(bench, topology)));
  }
}

async function measureTopology(bench: Bench, topology: Topology): Promise<Reports> {
  const world = await openWorld(bench, "pings", topology.hosts);
  const nodes = await makeMesh(world, topology);
  const pair = ends(nodes);
  const reports: Reports = { leea: [], floor: [], peer: [] };
  const run = async (side: Side, pinged: Pinged): Promise<void> => {
    await askGuest(runInHost(world, "c"), pinged.address, "status", 90_000);
    for (let round = 0; round < bench.count(rounds[side]); round += 1) {
      const [from, to] = round % 2 === 0 ? pair : ([pair[1], pair[0]] as const);
      reports[side].push(await watchMoved(world, pinged, [from, to]));
      bench.tell(`${topology.name}, ${side}: ${tell(reports[side].at(-1))}`);
    }
    await pinged.end();
  };
  await run("leea", await leeaPinged(world, pair[0]));
  const links = await quietHosts(world);
  // What leea lost is known by now, and stays in the table whatever becomes of the others.
  await tellFailure(bench, topology, async () => run("floor", await floorPinged(world, pair[0], links)));
  if (!hasLibvirt()) return reports;
  await tellFailure(bench, topology, async () => {
    await Promise.all(pair.map(({ name }) => startLibvirt(world, name)));
    await run("peer", await peerPinged(world, pair[0]));
  });
  return reports;
}

async function tellFailure(bench: Bench, topology: Topology, act: () => Promise<void>): Promise<void> {
  try {
    await act();
  } catch (error) {
    bench.tell(`${topology.name}: ${error instanceof Error ? error.message : String(error)}`);
  }
}

async function watchMoved(world: World, pinged: Pinged, pair: readonly [Node, Node]): Promise<PingReport> {
  const watch = await startWatch(runInHost(world, "c"), pinged.address);
  await wait(beforeMs);
  try {
    await pinged.move(pair);
  } finally {
    await wait(pinged.settleMs);
  }
  return (await watch.stop()).pings;
}

async function makeMesh(world: World, { hosts, peers }: Topology): Promise<ReadonlyMap<string, Node>> {
  const made = new Map<string, Node>();
  const missing = [...hosts];
  // In an order in which every peer is there before it is named.
  while (missing.length > 0) {
    const index = missing.findIndex((host) => (peers[host] ?? []).every((peer) => made.has(peer)));
    const [host = ""] = missing.splice(Math.max(0, index), 1);
    const there = (peers[host] ?? []).flatMap((peer) => made.get(peer) ?? []);
    made.set(host, await makeNode(world, host, there));
  }
  return made;
}

function ends(nodes: ReadonlyMap<string, Node>): readonly [Node, Node] {
  const [a, b] = [nodes.get("a"), nodes.get("b")];
  if (a === undefined || b === undefined) throw new Error("every shape has a and b");
  return [a, b];
}

function rowsOf(topology: Topology, reports: Reports): readonly BenchRow[] {
  const pick = (side: Side, field: "lost" | "longestGapMs"): number[] =>
    reports[side].map((report) => report[field] ?? 0);
  const samples = (field: "lost" | "longestGapMs") => ({
    leea: pick("leea", field),
    floor: pick("floor", field),
    peer: pick("peer", field),
  });
  // The worst move counts, not the middle one.
  const worst = (all: readonly number[]): number => Math.max(...all);
  return [
    makeRow({
      row: `pings lost in a move, ${topology.name}`,
      unit: "lost",
      samples: samples("lost"),
      pick: worst,
      target: atMost(3, "lost in any move"),
    }),
    makeRow({
      row: `longest gap between pings, ${topology.name}`,
      unit: "ms",
      samples: samples("longestGapMs"),
      target: atMostPeer("<= peer", 1),
    }),
  ];
}

function tell(report: PingReport | undefined): string {
  return `${report?.lost} of ${report?.sent} lost, longest gap ${Math.round(report?.longestGapMs ?? 0)} ms`;
}
