// Sizes, rates, times and shares in as many digits as a person reads. Pure.

const units = ["B", "KiB", "MiB", "GiB", "TiB"] as const;

/** Such as `512 MiB` or `1.5 GiB`. */
export function formatBytes(bytes: number): string {
  let value = Math.max(0, bytes);
  let unit = 0;
  while (value >= 1024 && unit < units.length - 1) {
    value /= 1024;
    unit += 1;
  }
  const digits = unit > 0 && value < 10 ? 1 : 0;
  return `${value.toFixed(digits).replace(/\.0$/, "")} ${units[unit] ?? ""}`;
}

/** Such as `40 ms`, `2.3 s`, `4m 10s`, `3h 5m`, `2d 4h`. */
export function formatTime(ms: number): string {
  if (ms < 1_000) return `${Math.round(ms)} ms`;
  if (ms < 60_000) return `${(ms / 1_000).toFixed(ms < 10_000 ? 1 : 0)} s`;
  const seconds = Math.round(ms / 1_000);
  const [days, hours, minutes] = [
    Math.floor(seconds / 86_400),
    Math.floor(seconds / 3_600) % 24,
    Math.floor(seconds / 60) % 60,
  ];
  if (days > 0) return `${days}d ${hours}h`;
  return hours > 0 ? `${hours}h ${minutes}m` : `${minutes}m ${seconds % 60}s`;
}

/** Share in whole percent, never 100 before it is all; undefined where it is not known. */
export function percentOf(done: number | undefined, total: number | undefined): number | undefined {
  if (done === undefined || total === undefined || total <= 0) return undefined;
  return done >= total ? 100 : Math.min(99, Math.floor((100 * done) / total));
}

/** The name in a node id: what comes before the fingerprint. */
export function nameOfNode(nodeId: string): string {
  return nodeId.replace(/-[a-z2-7]{8}$/, "");
}
