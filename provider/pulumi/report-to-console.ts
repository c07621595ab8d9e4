// What handlers report -> lines on the console, which Pulumi shows under the stack. Progress is at most one line a second
// for each resource, and one at every change of phase. Never prints a secret: it is given none.

import { describeProgress } from "../controller/handlers/describe-progress";
import type { Report } from "../controller/handlers/handler-context";

const quietMs = 1000;

/** A report that writes lines. `nowMs` and `write` are given so that it can be tested. */
export function createReport(write: (line: string) => void, nowMs: () => number): Report {
  const last = new Map<string, { phase: string; atMs: number }>();
  return {
    note: (subject, text) => write(`${subject}: ${text}`),
    progress: (subject, progress) => {
      const before = last.get(subject);
      const isSamePhase = before?.phase === progress.phase;
      if (before !== undefined && isSamePhase && nowMs() - before.atMs < quietMs) return;
      last.set(subject, { phase: progress.phase, atMs: nowMs() });
      write(`${subject}: ${describeProgress(progress)}`);
    },
  };
}
