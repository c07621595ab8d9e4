// What an operation is doing, as one line for a person. Both front doors say it in these words.

import { formatQuantity } from "../../model/inputs/parse-quantity";
import type { Progress } from "../../protocol/operation";

const mebibyteBytes = 1024 ** 2;

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
