// What came of a move or a cancel, as printed and as --json. Its shape is an interface (words/json-shapes.ts). Pure.

import type { MoveFigures } from "../../model/ownership";
import { formatBytes, formatTime, nameOfNode } from "../text/figures";
import { exitCodes } from "../words/exit-codes";

/** The outcome. Node ids in `from`, `to`, `currentNode`. */
export interface MoveOutcome {
  readonly vmId: string;
  readonly name: string;
  readonly outcome:
    | "moved"
    | "already-there"
    | "possible"
    | "refused"
    | "cancelled"
    | "too-late"
    | "failed"
    | "nothing-to-cancel";
  /** How it moves, or would. */
  readonly way?: "live" | "cold" | "stopped";
  /** Live is refused, and a cold move is possible. */
  readonly offersCold?: boolean;
  readonly from?: string;
  readonly to?: string;
  readonly currentNode?: string;
  readonly operationId?: string;
  readonly reasons?: readonly string[];
  readonly grounds?: string;
  readonly figures?: MoveFigures;
  readonly message?: string;
}

const statuses: Readonly<Record<MoveOutcome["outcome"], number>> = {
  moved: exitCodes.done,
  "already-there": exitCodes.done,
  possible: exitCodes.done,
  refused: exitCodes.refused,
  cancelled: exitCodes.done,
  "too-late": exitCodes.refused,
  failed: exitCodes.failed,
  "nothing-to-cancel": exitCodes.refused,
};

/** The exit status of a `move`: one that was cancelled by somebody has failed. */
export function statusOfMove({ outcome }: MoveOutcome): number {
  return outcome === "cancelled" ? exitCodes.failed : statuses[outcome];
}

/** The exit status of a `cancel`. */
export function statusOfCancel({ outcome }: MoveOutcome): number {
  return statuses[outcome];
}

/** The outcome in words for people. */
export function describeOutcome(result: MoveOutcome): string[] {
  const { name, outcome, figures, message, reasons = [] } = result;
  const [from, to] = [nameOfNode(result.from ?? ""), nameOfNode(result.to ?? "")];
  const on = nameOfNode(result.currentNode ?? "");
  switch (outcome) {
    case "moved":
      return [`${name} moved from ${from} to ${to}${figures === undefined ? "" : `: ${describeFigures(figures)}`}`];
    case "already-there":
      return [`${name} is on ${to} already`];
    case "possible":
      return [`${name} can move${describeWay(result.way)} from ${from} to ${to}: ${result.grounds ?? ""}`];
    case "refused":
      return [
        `${name} cannot move${describeWay(result.way)} from ${from} to ${to}; it stays as it is:`,
        ...reasons.map((reason) => `  - ${reason}`),
        ...(result.offersCold === true
          ? [`It can move cold: \`leea move ${name} ${to} --cold\` shuts it down, copies its disks and starts it there`]
          : []),
      ];
    case "cancelled":
      return [`The move of ${name} was cancelled; it runs on ${on} as before`];
    case "too-late":
      return [
        `It was too late to cancel: ${name} moved to ${on}${figures === undefined ? "" : ` (${describeFigures(figures)})`}`,
      ];
    case "nothing-to-cancel":
      return [`${name} is not moving: ${message ?? "there is nothing to cancel"}`];
    case "failed":
      return [`The move of ${name} failed: ${message ?? ""}`];
  }
}

function describeFigures({ mode, totalMs, downtimeMs, ramBytes, diskBytes }: MoveFigures): string {
  const carried = [
    `${formatBytes(ramBytes)} of memory`,
    ...(diskBytes === 0 ? [] : [`${formatBytes(diskBytes)} of disk`]),
  ];
  return `${mode}, ${formatTime(totalMs)} in all, the guest stood still for ${formatTime(downtimeMs)}, ${carried.join(" and ")} carried`;
}

function describeWay(way: MoveOutcome["way"]): string {
  if (way === "stopped") return ", stopped as it is,";
  return way === undefined ? "" : ` ${way}`;
}
