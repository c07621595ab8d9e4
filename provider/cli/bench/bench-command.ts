// `leea bench`: figures of the agent and of ten moves, on hosts of this machine. It prints; it judges nothing.

import { spawn } from "node:child_process";
import { LeeaError } from "../../model/errors";
import { labNetworkArgv } from "../lab/lab";
import { askGuest } from "../story/guest-link";
import { type BenchWorld, closeBench, makeNode, makeVm, openBench, vmOn } from "./bench-world";
import { type AgentFigures, measureAgent } from "./measure-agent";
import { type MoveMeasure, measureMoves } from "./measure-moves";

const moveCount = 10;
const mebi = 1024 * 1024;

/** Runs the bench; its status is 0 when it could measure. */
export async function benchCommand(): Promise<number> {
  const boot = bootFiles();
  const world = await openBench();
  try {
    const agent = await measureAgent(world, "a");
    printAgent(agent);
    printMoves(await movesOf(world, boot));
  } finally {
    await closeBench();
  }
  return 0;
}

async function movesOf(world: BenchWorld, boot: Readonly<Record<string, unknown>>): Promise<readonly MoveMeasure[]> {
  const a = { id: (await makeNode(world, "a")).id, name: "a" };
  const b = { id: (await makeNode(world, "b", a)).id, name: "b" };
  const vm = await makeVm(world, vmOn(world, a, boot));
  const runIn = (argv: readonly string[]): ReturnType<typeof spawn> => {
    const [program = "", ...rest] = labNetworkArgv(world.lab, "b", argv);
    return spawn(program, rest, { stdio: ["pipe", "pipe", "pipe"] });
  };
  await askGuest(runIn as Parameters<typeof askGuest>[0], String(vm.known.outputs["address"]), "status", 60_000);
  return measureMoves(world, vm, [a, b], { count: moveCount, boot, tell: (line) => process.stderr.write(`${line}\n`) });
}

function bootFiles(): Readonly<Record<string, unknown>> {
  const { LEEA_GUEST_KERNEL: kernel, LEEA_GUEST_INITRD: initrd } = process.env;
  if (kernel === undefined || initrd === undefined)
    throw new LeeaError({
      code: "TOOL_MISSING",
      message: "no test guest was built",
      hint: "Run it as `npm run bench`.",
    });
  return { kernel, initrd, cmdline: "console=ttyS0 quiet" };
}

function printAgent(figures: AgentFigures): void {
  const sorted = [...figures.warmCallMs].sort((left, right) => left - right);
  printTable("agent", [
    ["bundle", `${(figures.bundleBytes / mebi).toFixed(2)} MiB`, "target 1 MB"],
    ["bare host to answering", `${Math.round(figures.bareToAnsweringMs)} ms`, "target 3000 ms"],
    ["memory after 200 calls", `${Math.round(figures.idleRssBytes / mebi)} MiB`, "target 64 MiB"],
    ["warm call over SSH, median", `${percentile(sorted, 0.5).toFixed(2)} ms`, "target 2 ms"],
    ["warm call over SSH, p95", `${percentile(sorted, 0.95).toFixed(2)} ms`, ""],
  ]);
}

function printMoves(measures: readonly MoveMeasure[]): void {
  const row = (name: string, pick: (measure: MoveMeasure) => number): string[] => {
    const sorted = measures.map(pick).sort((left, right) => left - right);
    return [
      name,
      `${percentile(sorted, 0.5).toFixed(0)} ms`,
      `${sorted[0]?.toFixed(0)} to ${sorted.at(-1)?.toFixed(0)} ms`,
    ];
  };
  printTable(
    `${measures.length} moves of a busy guest (256 MiB, 10 MiB/s dirtied, 100 blocks/s written), median and range`,
    [
      row("STOP to the source's completion", (measure) => measure.stopToCompletedMs),
      row("guest outage (downtimeMs)", (measure) => measure.figures.downtimeMs),
      row("whole move (totalMs)", (measure) => measure.figures.totalMs),
    ],
  );
}

function percentile(sorted: readonly number[], share: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}

function printTable(title: string, rows: readonly (readonly string[])[]): void {
  process.stdout.write(`\n${title}\n`);
  for (const [name = "", value = "", note = ""] of rows)
    process.stdout.write(`  ${name.padEnd(36)}${value.padStart(12)}   ${note}\n`);
}
