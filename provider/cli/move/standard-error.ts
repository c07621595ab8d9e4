// Standard error as the place where progress is shown: standard output stays for results.

import type { ProgressScreen } from "../text/show-progress";

/** The screen. */
export function standardError(): ProgressScreen {
  return {
    isTerminal: process.stderr.isTTY,
    columns: () => process.stderr.columns ?? 100,
    write: (text) => void process.stderr.write(text),
    nowMs: () => performance.now(),
  };
}
