// What an engine does at `up --refresh`: read, compare, update where something differs; and how often it must be done until
// nothing differs any more.

import { describeError, isLeeaError } from "../../../provider/model/errors";
import type { TrackedVm } from "../../e2e/world/tracked-vm";
import { nodeOf } from "../../e2e/world/world";

/** How it went: whether the VM is as declared, after how many runs, and what each failed run said. */
export interface Convergence {
  readonly converged: boolean;
  readonly runs: number;
  readonly words: readonly string[];
}

const mostRuns = 2;

/** Runs `up` until the VM is as declared for `host`, twice at most. */
export async function converge(vm: TrackedVm, host: string): Promise<Convergence> {
  const words: string[] = [];
  for (let runs = 1; runs <= mostRuns; runs += 1) {
    try {
      await vm.refresh();
      if ((await vm.preview(host)).hasChanges) await vm.update(host);
      const trouble = await findTrouble(vm, host);
      if (trouble === undefined) return { converged: true, runs, words };
      words.push(trouble);
    } catch (error) {
      words.push(wordsOf(error));
    }
  }
  return { converged: false, runs: mostRuns, words };
}

/** An error as a user reads it; one that is none of ours with its stack. */
export function wordsOf(error: unknown): string {
  if (isLeeaError(error)) return `${error.code}: ${describeError(error)}`;
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}

async function findTrouble(vm: TrackedVm, host: string): Promise<string | undefined> {
  const { state, currentNode } = vm.outputs;
  if (state !== "running" || currentNode !== nodeOf(vm.world, host).id) return `it is ${state} on ${currentNode}`;
  const { hasChanges, lines } = await vm.preview(host);
  return hasChanges ? `preview still says ${lines.join("; ")}` : undefined;
}
