// The result as a table for a terminal: figures with their spread, ratios, and whether each target is met. Pure.

import type { BenchRow, Side } from "./bench-row";

const headings = ["", "leea", "floor", "peer", "leea/floor", "leea/peer", "n", "target", "met"] as const;

/** The table's lines, columns aligned; notes below it. */
export function renderTable(rows: readonly BenchRow[]): string {
  const cells = [headings, ...rows.map(cellsOf)];
  const widths = headings.map((_, column) => Math.max(...cells.map((line) => line[column]?.length ?? 0)));
  const lines = cells.map((line) =>
    line
      .map((cell, column) =>
        column === 0 || column >= 7 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0),
      )
      .join("  ")
      .trimEnd(),
  );
  const notes = rows.flatMap(({ row, note }) => (note === undefined ? [] : [`${row}: ${note}`]));
  return `${[...lines, ...(notes.length === 0 ? [] : ["", ...notes])].join("\n")}\n`;
}

/** The row's cells, in the order of the headings. */
export function cellsOf(row: BenchRow): readonly string[] {
  return [
    row.row,
    figureOf(row, "leea"),
    figureOf(row, "floor"),
    figureOf(row, "peer"),
    ratioOf(row.leea, row.floor),
    ratioOf(row.leea, row.peer),
    String(row.n),
    row.target,
    row.target === "" ? "" : wordOf(row.met),
  ];
}

/** `12.3 [10.1-15] ms`, or a dash where nothing was measured. */
export function figureOf(row: BenchRow, side: Side): string {
  const value = row[side];
  if (value === null) return "-";
  const range = row.spread[side];
  const isSpread = range !== undefined && range[0] !== range[1];
  return `${value}${isSpread ? ` [${range[0]}-${range[1]}]` : ""} ${row.unit}`;
}

function ratioOf(leea: number | null, other: number | null): string {
  return leea === null || other === null || other === 0 ? "-" : `${(leea / other).toFixed(2)}x`;
}

function wordOf(met: boolean | null): string {
  if (met === null) return "?";
  return met ? "yes" : "NO";
}
