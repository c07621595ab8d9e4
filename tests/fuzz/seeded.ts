// How every fuzzer runs: few draws in `npm test`, as many as wished with FUZZ_RUNS, the same ones again with FUZZ_SEED.

import type { Parameters } from "fast-check";

/** fast-check's settings: `usualRuns` unless FUZZ_RUNS says otherwise. The seed is printed, so that a green run can be replayed too. */
export function seeded(name: string, usualRuns: number): Parameters<unknown> & { readonly numRuns: number } {
  const seed = Number(process.env["FUZZ_SEED"] ?? Date.now() % 2 ** 31);
  const numRuns = Number(process.env["FUZZ_RUNS"] ?? usualRuns);
  process.stderr.write(
    `${name}: ${numRuns} runs; again: FUZZ_SEED=${seed} FUZZ_RUNS=${numRuns} npm test -- unit ${name}\n`,
  );
  // A shrink of requests with a deadline each would take longer than the run.
  return { seed, numRuns, endOnFailure: true, ...pathOf() };
}

/** Does nothing any more once the time is used up: draws that come later pass unlooked at. No limit with FUZZ_RUNS. */
export function whileTime<Drawn extends unknown[]>(
  limitMs: number,
  act: (...drawn: Drawn) => Promise<void>,
): (...drawn: Drawn) => Promise<void> {
  const endMs = process.env["FUZZ_RUNS"] === undefined ? Date.now() + limitMs : Number.POSITIVE_INFINITY;
  return async (...drawn) => {
    if (Date.now() < endMs) await act(...drawn);
  };
}

function pathOf(): { readonly path?: string } {
  const path = process.env["FUZZ_PATH"];
  return path === undefined ? {} : { path };
}
