// The figures of many runs, their table, and the file that a program reads.

import { mkdirSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import type { RunPlan, RunResult } from "./run-once";

/** Counts of one kind, or of all. */
interface Tally {
  runs: number;
  struck: number;
  doubleRuns: number;
  lostWrites: number;
  unconverged: number;
}

/** Collects the figures. `runs` of which the fault found nothing to harm are counted, and told as such. */
export class FaultCount {
  readonly #byKind = new Map<string, Tally>();
  readonly #seed: number;

  constructor(seed: number) {
    this.#seed = seed;
  }

  /** Counts a run. Whatever was wrong beside a double run and a lost write is a run that did not converge to what was declared. */
  add({ kind }: RunPlan, result: Pick<RunResult, "struck" | "doubleRuns" | "lostWrites" | "trouble">): void {
    const tally = this.#byKind.get(kind.name) ?? emptyTally();
    this.#byKind.set(kind.name, tally);
    tally.runs += 1;
    tally.struck += result.struck ? 1 : 0;
    tally.doubleRuns += result.doubleRuns.length;
    tally.lostWrites += result.lostWrites;
    tally.unconverged += result.trouble.length > 0 ? 1 : 0;
  }

  /** All kinds together. */
  total(): Readonly<Tally> {
    const total = emptyTally();
    for (const tally of this.#byKind.values())
      for (const key of Object.keys(total) as (keyof Tally)[]) total[key] += tally[key];
    return total;
  }

  /** True when nothing was wrong. */
  isSound(): boolean {
    const { doubleRuns, lostWrites, unconverged } = this.total();
    return doubleRuns + lostWrites + unconverged === 0;
  }

  /** The table, a line each. */
  table(): string {
    const line = (name: string, { runs, struck, doubleRuns, lostWrites, unconverged }: Readonly<Tally>): string =>
      `  ${name.padEnd(26)}${[runs, struck, doubleRuns, lostWrites, unconverged].map((each) => String(each).padStart(13)).join("")}`;
    const head = ["runs", "struck", "double runs", "lost writes", "unconverged"]
      .map((each) => each.padStart(13))
      .join("");
    const kinds = [...this.#byKind].sort(([one], [other]) => one.localeCompare(other));
    return [
      `  ${"fault".padEnd(26)}${head}`,
      ...kinds.map(([name, tally]) => line(name, tally)),
      line("all", this.total()),
    ].join("\n");
  }

  /** Writes {seed, runs, byFault, doubleRuns, lostWrites, unconverged} whole. */
  write(path: string): void {
    const { runs, doubleRuns, lostWrites, unconverged } = this.total();
    const byFault = Object.fromEntries([...this.#byKind].map(([name, tally]) => [name, tally.runs]));
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(
      path,
      `${JSON.stringify({ seed: this.#seed, runs, byFault, doubleRuns, lostWrites, unconverged }, null, 2)}\n`,
    );
  }
}

function emptyTally(): Tally {
  return { runs: 0, struck: 0, doubleRuns: 0, lostWrites: 0, unconverged: 0 };
}
