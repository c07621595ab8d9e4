// What handlers report -> lines on the console, which Pulumi shows under the stack. Progress is at most one line a second
// for each resource, and one at every change of phase. Never prints a secret: it is given none.

import type { Report } from "../controller/handlers/handler-context";
import { formatQuantity } from "../model/inputs/parse-quantity";
import type { Progress } from "../protocol/operation";

const quietMs = 1000;
const mebibyteBytes = 1024 ** 2;

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

/** Such as `precopy 42% of 512MiB (112MiB/s, 3s left)`. */
export function describeProgress(progress: Progress): string {
  const { phase, message, bytesDone, bytesTotal, bytesPerSecond, secondsLeft } = progress;
  const share =
    bytesDone !== undefined && bytesTotal !== undefined && bytesTotal > 0
      ? ` ${Math.min(100, Math.floor((100 * bytesDone) / bytesTotal))}% of ${size(bytesTotal)}`
      : "";
  const details = [
    ...(bytesPerSecond === undefined || bytesPerSecond === 0 ? [] : [`${size(bytesPerSecond)}/s`]),
    ...(secondsLeft === undefined ? [] : [`${Math.ceil(secondsLeft)}s left`]),
  ];
  return `${phase}${share}${message === undefined ? "" : ` ${message}`}${details.length === 0 ? "" : ` (${details.join(", ")})`}`;
}

function size(bytes: number): string {
  return bytes < mebibyteBytes
    ? formatQuantity(Math.round(bytes), "bytes")
    : formatQuantity(Math.round(bytes / mebibyteBytes) * mebibyteBytes, "bytes");
}
