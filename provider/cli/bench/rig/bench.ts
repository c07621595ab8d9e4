// What every group of rows is given: how much to measure, whom to tell, and where to say what must be undone. What was
// made is undone in the opposite order, after a failure and after an interrupt alike.

import type { Checkout } from "../../story/run/checkout";
import type { BenchRow } from "../report/bench-row";

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
}

/** Rows that share what they are measured on. `peers`: programs that must be set up for its peer figures. */
export interface BenchGroup {
  readonly title: string;
  readonly measure: (bench: Bench) => Promise<readonly BenchRow[]>;
}

/** A bench with its undo list. `end` undoes everything; what fails is told and the rest goes on. */
export function openBench(checkout: Checkout, words: { quick: boolean; tell: (line: string) => void }) {
  const undos: (() => Promise<void> | void)[] = [];
  const bench: Bench = {
    checkout,
    ...words,
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
  return { bench, end };
}
