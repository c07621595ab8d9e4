// How far an operation has come, in one line: with a bar for a terminal, without one for a pipe. Pure.

import type { Progress } from "../../protocol/operation";
import { formatBytes, formatTime, percentOf } from "./figures";

const barWidth = 24;

/** Such as `precopy   [##########--------------]  42 %  216 MiB of 512 MiB  112 MiB/s  3 s left`, at most `columns` wide. */
export function progressBar(progress: Progress, columns: number): string {
  const percent = percentOf(progress.bytesDone, progress.bytesTotal);
  const filled = percent === undefined ? 0 : Math.floor((barWidth * percent) / 100);
  const bar =
    percent === undefined
      ? ""
      : `[${"#".repeat(filled)}${"-".repeat(barWidth - filled)}] ${String(percent).padStart(3)} %`;
  const parts = [progress.phase.padEnd(9), bar, ...details(progress)].filter((part) => part !== "");
  return parts
    .join("  ")
    .slice(0, Math.max(20, columns - 1))
    .trimEnd();
}

/** Such as `precopy: 42 %, 216 MiB of 512 MiB, 112 MiB/s, 3 s left`. */
export function progressLine(progress: Progress): string {
  const percent = percentOf(progress.bytesDone, progress.bytesTotal);
  const parts = [...(percent === undefined ? [] : [`${percent} %`]), ...details(progress)];
  return parts.length === 0 ? progress.phase : `${progress.phase}: ${parts.join(", ")}`;
}

function details({ bytesDone, bytesTotal, bytesPerSecond, secondsLeft, message }: Progress): string[] {
  return [
    ...(bytesDone === undefined || bytesTotal === undefined || bytesTotal === 0
      ? []
      : [`${formatBytes(bytesDone)} of ${formatBytes(bytesTotal)}`]),
    ...(bytesPerSecond === undefined || bytesPerSecond === 0 ? [] : [`${formatBytes(bytesPerSecond)}/s`]),
    ...(secondsLeft === undefined ? [] : [`${formatTime(Math.ceil(secondsLeft) * 1_000)} left`]),
    ...(message === undefined ? [] : [message]),
  ];
}
