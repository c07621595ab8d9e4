// How every fuzzer runs: few draws in `npm test`, as many as wished with FUZZ_RUNS, the same ones again with FUZZ_SEED.

import type { Parameters } from "fast-check";

/** fast-check's settings: `usualRuns`, as far as they fit into `usualLimitMs`, unless FUZZ_RUNS says otherwise. The seed is printed, so that a green run can be replayed too. */
export function seeded(
  name: string,
  usualRuns: number,
  usualLimitMs = 8_000,
): Parameters<unknown> & { readonly numRuns: number } {
  const seed = Number(process.env["FUZZ_SEED"] ?? Date.now() % 2 ** 31);
  const numRuns = Number(process.env["FUZZ_RUNS"] ?? usualRuns);
  process.stderr.write(
    `${name}: ${numRuns} runs; again: FUZZ_SEED=${seed} FUZZ_RUNS=${numRuns} npm test -- unit ${name}\n`,
  );
  const limit = process.env["FUZZ_RUNS"] === undefined ? { interruptAfterTimeLimit: usualLimitMs } : {};
  // A shrink of requests with a deadline each would take longer than the run.
  return { seed, numRuns, endOnFailure: true, ...limit, ...pathOf() };
}

function pathOf(): { readonly path?: string } {
  const path = process.env["FUZZ_PATH"];
  return path === undefined ? {} : { path };
}
