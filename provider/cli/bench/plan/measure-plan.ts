// Rows: what `plan` costs where nothing has changed, beside a provider that does nothing under the same CLI; and what one
// process of the provider costs, as each command starts several.

import type { ChildProcess } from "node:child_process";
import { atMost, atMostFloor, makeRow } from "../report/bench-row";
import { type Bench, measurePart } from "../rig/bench";
import { findTerraform, type TerraformProgram } from "../rig/terraform-program";
import { openWorld, wayTo } from "../rig/world";
import { findProviders, makePrograms, planHosts, planResources } from "./plan-programs";
import { type MemoryWatch, watchMemory } from "./process-memory";
import { startProvider } from "./provider-start";
import { findAskedHosts, timeRoundTrips } from "./round-trips";

/** Measures the start of a process first, then plans over hosts of a lab. */
export async function measurePlan(bench: Bench): Promise<void> {
  await measurePart(bench, startRow, () => measureStart(bench));
  await measurePart(bench, planRow, () => measurePlans(bench));
}

const startRow = "provider start to listening";
const planRow = `plan of ${planResources} resources and no change`;

async function measureStart(bench: Bench) {
  const { leea, trivial } = findProviders();
  const samples = { leea: [] as number[], floor: [] as number[] };
  for (let round = 0; round <= bench.count(20); round += 1) {
    bench.tell(`starting the provider, round ${round}`);
    const [floor, ours] = [await startProvider(trivial.program), await startProvider(leea.program)];
    if (round === 0) continue; // files are read from disk then
    samples.floor.push(floor);
    samples.leea.push(ours);
  }
  return [makeRow({ row: startRow, unit: "s", samples, target: atMost(0.15, "s") })];
}

async function measurePlans(bench: Bench) {
  if (findTerraform() === undefined) throw new Error("there is neither tofu nor terraform on PATH");
  const world = await openWorld(bench, "plan", planHosts);
  const { leea, trivial } = makePrograms(bench, world);
  bench.tell(`making ${planResources} resources of each kind`);
  await trivial.run(["apply", "-auto-approve"]);
  await leea.run(["apply", "-auto-approve"]);
  const hosts = await findAskedHosts(planHosts.map((name) => wayTo(world, name)));
  const [asked, unasked] = [twoSides(), twoSides()];
  const memory = twoSides();
  const trips: number[] = [];
  for (let round = 0; round < bench.count(5); round += 1) {
    asked.floor.push(await plan(trivial, [], memory.floor));
    asked.leea.push(await plan(leea, [], memory.leea));
    unasked.floor.push(await plan(trivial, ["-refresh=false"]));
    unasked.leea.push(await plan(leea, ["-refresh=false"]));
    trips.push(await timeRoundTrips(hosts));
    const [ours, floor] = [asked.leea.at(-1), asked.floor.at(-1)];
    bench.tell(
      `plan: ${ours?.toFixed(2)} s, of nothing ${floor?.toFixed(2)} s, round trips ${trips.at(-1)?.toFixed(2)} s`,
    );
  }
  await leea.run(["destroy", "-auto-approve"]);
  const extra = Math.min(...trips);
  const target = atMostFloor(`<= 1.2 x floor + the hosts' round trips (${extra.toFixed(2)} s)`, { factor: 1.2, extra });
  const unaskedRow = `plan of ${planResources} resources that asks no host`;
  const memoryRow = `provider memory in a plan of ${planResources} resources`;
  return [
    makeRow({ row: planRow, unit: "s", samples: asked, target }),
    makeRow({ row: unaskedRow, unit: "s", samples: unasked, target: atMostFloor("<= 1.2 x floor", { factor: 1.2 }) }),
    makeRow({ row: memoryRow, unit: "MiB", samples: memory }),
  ];
}

const twoSides = () => ({ leea: [] as number[], floor: [] as number[] });

async function plan(program: TerraformProgram, words: readonly string[], memory?: number[]): Promise<number> {
  const watching: MemoryWatch[] = [];
  const watch = (child: ChildProcess): void => void watching.push(watchMemory(child.pid ?? 0));
  try {
    return await program.run(["plan", "-detailed-exitcode", ...words], memory === undefined ? undefined : watch);
  } finally {
    for (const watched of watching) memory?.push(watched.stop() / 2 ** 20);
  }
}
