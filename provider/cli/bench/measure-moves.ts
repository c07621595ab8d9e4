// Moves back and forth of one busy guest, as the product reports them and as the source's agent logged the cutover.

import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { LeeaError } from "../../model/errors";
import type { MoveFigures } from "../../model/ownership";
import { labExecArgv } from "../lab/lab";
import { type BenchWorld, changeVm, type Made, vmOn } from "./bench-world";

const run = promisify(execFile);

/** One move. `stopToCompletedMs`: from QEMU's STOP event to the source's completion; `downtimeMs`: decision 003. */
export interface MoveMeasure {
  readonly figures: MoveFigures;
  readonly stopToCompletedMs: number;
}

/** A host as the bench names it. */
export interface BenchNode {
  readonly id: string;
  readonly name: string;
}

/** Moves the VM `count` times between two hosts. */
export async function measureMoves(
  world: BenchWorld,
  vm: Made,
  nodes: readonly [BenchNode, BenchNode],
  options: {
    readonly count: number;
    readonly boot: Readonly<Record<string, unknown>>;
    readonly tell: (line: string) => void;
  },
): Promise<readonly MoveMeasure[]> {
  const measures: MoveMeasure[] = [];
  let current = vm;
  for (let index = 0; index < options.count; index += 1) {
    const [from, to] = index % 2 === 0 ? nodes : [nodes[1], nodes[0]];
    current = await changeVm(world, current, vmOn(world, to, options.boot));
    const figures = current.known.outputs["lastMigration"] as MoveFigures;
    measures.push({ figures, stopToCompletedMs: await readStopToCompleted(world, from.name) });
    options.tell(
      `move ${index + 1}/${options.count}  ${from.name} -> ${to.name}  ${Math.round(figures.downtimeMs)} ms down`,
    );
  }
  return measures;
}

async function readStopToCompleted(world: BenchWorld, host: string): Promise<number> {
  const [program = "", ...argv] = labExecArgv(world.lab, host, ["grep", "cutover-times", "/var/lib/leea/agent.log"]);
  const { stdout } = await run(program, argv);
  const last = stdout.trim().split("\n").at(-1);
  if (last === undefined)
    throw new LeeaError({ code: "INTERNAL", message: "the source logged no cutover", hint: "See its agent.log." });
  return (JSON.parse(last) as { completed: number }).completed;
}
