// How every fuzzer runs: few draws in `npm test`, the same ones each time; with FUZZ_RUNS as many as wished, other ones each
// time; with FUZZ_SEED those again.

import type { Parameters } from "fast-check";

/** What `npm test` draws: a change is judged by what it does, not by the luck of the day. */
const usualSeed = 20_261_122;

/** fast-check's settings: `usualRuns` unless FUZZ_RUNS says otherwise. The seed is printed, so that a green run can be replayed too. */
export function seeded(name: string, usualRuns: number): Parameters<unknown> & { readonly numRuns: number } {
  const asked = process.env["FUZZ_RUNS"];
  const seed = Number(process.env["FUZZ_SEED"] ?? (asked === undefined ? usualSeed : Date.now() % 2 ** 31));
  const numRuns = Number(asked ?? usualRuns);
  process.stderr.write(
    `${name}: ${numRuns} runs; again: FUZZ_SEED=${seed} FUZZ_RUNS=${numRuns} npm test -- unit ${name}\n`,
  );
  // A shrink of requests with a deadline each would take longer than the run.
  return { seed, numRuns, endOnFailure: true, ...pathOf() };
}

/**
 * Does nothing any more once the time is used up: draws that come later pass unlooked at, but for the first `atLeast`. No
 * limit with FUZZ_RUNS.
 */
export function whileTime<Drawn extends unknown[]>(
  limitMs: number,
  act: (...drawn: Drawn) => Promise<void>,
  atLeast = 0,
): (...drawn: Drawn) => Promise<void> {
  const endMs = process.env["FUZZ_RUNS"] === undefined ? Date.now() + limitMs : Number.POSITIVE_INFINITY;
  let looked = 0;
  return async (...drawn) => {
    if (looked >= atLeast && Date.now() >= endMs) return;
    looked += 1;
    await act(...drawn);
  };
}

function pathOf(): { readonly path?: string } {
  const path = process.env["FUZZ_PATH"];
  return path === undefined ? {} : { path };
}
