// What every group of rows is given: how much to measure, whom to tell, and where to say what must be undone. What was
// made is undone in the opposite order, after a failure and after an interrupt alike.

import type { Checkout } from "../../story/run/checkout";
import { type BenchRow, failedRow } from "../report/bench-row";

/** A run of one group. */
export interface Bench {
  readonly checkout: Checkout;
  /** Few samples: shows that everything works, proves nothing. */
  readonly quick: boolean;
  readonly tell: (line: string) => void;
  /** Remembers how to undo what was just made. */
  onEnd(undo: () => Promise<void> | void): void;
  /** Samples to take. */
  count(full: number): number;
  /** Keeps rows as soon as they are known: what fails after them does not take them along. */
  keep(rows: readonly BenchRow[]): void;
}

/** Rows that share what they are measured on. */
export interface BenchGroup {
  readonly title: string;
  readonly measure: (bench: Bench) => Promise<void>;
}

/** A bench with its undo list. `end` undoes everything; what fails is told and the rest goes on. */
export function openBench(checkout: Checkout, words: { quick: boolean; tell: (line: string) => void }) {
  const undos: (() => Promise<void> | void)[] = [];
  const rows: BenchRow[] = [];
  const bench: Bench = {
    checkout,
    ...words,
    keep: (more) => void rows.push(...more),
    onEnd: (undo) => void undos.push(undo),
    count: (full) => (words.quick ? Math.min(full, 2) : full),
  };
  const end = async (): Promise<void> => {
    for (let undo = undos.pop(); undo !== undefined; undo = undos.pop()) {
      try {
        await undo();
      } catch (error) {
        words.tell(`could not clean up: ${error instanceof Error ? error.message : String(error)}`);
      }
    }
  };
  return { bench, rows, end };
}

/** Measures one part of a group; one that fails is a row with its reason, and the others go on. */
export async function measurePart(
  bench: Bench,
  row: string,
  measure: () => Promise<readonly BenchRow[]>,
): Promise<void> {
  try {
    bench.keep(await measure());
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    bench.tell(`${row}: ${why}`);
    bench.keep([failedRow(row, why.split("\n")[0] ?? "")]);
  }
}
