// The arithmetic of the bench: what stands for many samples, and how far they lie apart. Pure.

/** Least and greatest of the samples. */
export type Spread = readonly [number, number];

/** The value below which `share` (0 to 1) of the samples lie, nearest rank; NaN of none. */
export function percentileOf(samples: readonly number[], share: number): number {
  const sorted = [...samples].sort((left, right) => left - right);
  const rank = Math.ceil(share * sorted.length) - 1;
  return sorted[Math.min(sorted.length - 1, Math.max(0, rank))] ?? Number.NaN;
}

/** The middle sample, or the mean of the two in the middle; NaN of none. */
export function medianOf(samples: readonly number[]): number {
  const sorted = [...samples].sort((left, right) => left - right);
  const middle = Math.floor(sorted.length / 2);
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? Number.NaN) + upper) / 2;
}

/** Least and greatest; undefined of none. */
export function spreadOf(samples: readonly number[]): Spread | undefined {
  return samples.length === 0 ? undefined : [Math.min(...samples), Math.max(...samples)];
}
