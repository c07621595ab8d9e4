// Rows: what the agent weighs and how long a bare host takes to have one, beside a bare Node process.

import { statSync } from "node:fs";
import { openHost } from "../../../controller/host-session";
import { atMost, type BenchRow, makeRow } from "../report/bench-row";
import { readRssBytes, startBareServer } from "../rig/bare-server";
import { type Bench, measurePart } from "../rig/bench";
import { openWorld, type World, wayTo } from "../rig/world";
import { measureCalls } from "./agent-calls";
import { measureFullHost } from "./agent-full";

const mebi = 2 ** 20;

/** Measures one host's agent from bare host to fifty VMs. */
export async function measureAgent(bench: Bench): Promise<void> {
  const hosts = Array.from({ length: bench.count(4) }, (_, index) => `h${index}`);
  const world = await openWorld(bench, "agent", hosts);
  await measurePart(bench, "bare host to ready", () => measureReady(bench, world, hosts));
  await measurePart(bench, "agent call over warm SSH", () => measureCalls(bench, world, "h0"));
  await measurePart(bench, "agent memory, idle", () => measureIdle(bench, world, hosts));
  bench.keep([bundleRow()]);
  await measurePart(bench, "agent memory with 50 VMs", () => measureFullHost(bench));
}

async function measureReady(bench: Bench, world: World, hosts: readonly string[]): Promise<readonly BenchRow[]> {
  const samples = { leea: [] as number[], floor: [] as number[] };
  for (const host of hosts) {
    bench.tell(`bare host ${host} to an agent that answers`);
    const startedAtMs = performance.now();
    const session = await openHost(wayTo(world, host), { install: "upgrade" });
    await session.call("getHealth", {});
    samples.leea.push((performance.now() - startedAtMs) / 1000);
    session.close();
    samples.floor.push((await startBareServer(bench, world, host, "floor")).startMs / 1000);
  }
  const note =
    "the host has the packages and a Node; the floor is the start of a bare Node server, without SSH or files";
  return [makeRow({ row: "bare host to ready", unit: "s", samples, target: atMost(3, "s"), note })];
}

/** After the first thousand calls on one host and none on the others: what a working agent holds when it rests. */
async function measureIdle(bench: Bench, world: World, hosts: readonly string[]): Promise<readonly BenchRow[]> {
  const samples = { leea: [] as number[], floor: [] as number[] };
  for (const host of hosts) {
    const session = await openHost(wayTo(world, host), { install: "never" });
    samples.leea.push((await session.call("getHealth", {})).rssBytes / mebi);
    session.close();
    samples.floor.push(readRssBytes((await startBareServer(bench, world, host, "memory")).pid) / mebi);
  }
  return [makeRow({ row: "agent memory, idle", unit: "MiB", samples, target: atMost(64, "MiB") })];
}

function bundleRow(): BenchRow {
  const path = process.env["LEEA_AGENT_BUNDLE"] ?? `${__dirname}/agent.cjs`;
  const samples = { leea: [statSync(path).size / mebi] };
  // 1 MB is 1000000 bytes, in MiB.
  return makeRow({
    row: "agent bundle",
    unit: "MiB",
    samples,
    target: { text: "<= 1 MB", limit: () => 1_000_000 / mebi },
  });
}
