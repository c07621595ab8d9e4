// Order of product versions.

/** Below 0, 0 or above 0, as the first version is older than, the same as, or newer than the second. Numbers only: `1.2.3`; what follows a dash does not count. */
export function compareVersions(first: string, second: string): number {
  const [left, right] = [first, second].map((text) => (text.split("-", 1)[0] ?? "").split(".").map(Number));
  for (let index = 0; index < 3; index += 1) {
    const difference = (left?.[index] ?? 0) - (right?.[index] ?? 0);
    if (difference !== 0 && !Number.isNaN(difference)) return difference;
  }
  return 0;
}
