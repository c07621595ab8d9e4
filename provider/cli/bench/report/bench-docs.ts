// docs/benchmarks.md from a report. Only `npm run bench -- --write-docs` writes it: figures are never typed by hand.

import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { explainMiss, type MissReason } from "./bench-misses";
import type { BenchReport } from "./bench-report";
import type { BenchRow } from "./bench-row";
import { cellsOf } from "./bench-table";
import { describeRow } from "./bench-words";

/** Writes the document into the checkout. */
export function writeBenchDocs(root: string, report: BenchReport): void {
  writeFileSync(join(root, "docs", "benchmarks.md"), renderDocs(report));
}

/** The document's text. Pure. */
export function renderDocs(report: BenchReport): string {
  return `${[heading, machineOf(report), tableOf(report.rows), notesOf(report.rows), missesOf(report.rows)].join("\n\n")}\n`;
}

const heading = `# Benchmarks

Written by \`npm run bench -- --write-docs\`; change the bench, not this page. Every row holds figures of one run: leea,
the same thing by the barest means (floor) and what others use (peer) were measured in turns, so that noise hit all of
them. A figure is the median of its samples where the row names no other, with [least-greatest] behind it. All hosts are
namespaces of one machine and guests run under software emulation: read the ratios, not the milliseconds.`;

function machineOf({ machine, startedAt, seconds, quick, loadAverage, unmeasured }: BenchReport): string {
  const versions = Object.entries(machine.versions).map(([name, version]) => `${name} ${version}`);
  const left = unmeasured.length === 0 ? [] : [`- Not measured in this run: ${unmeasured.join("; ")}`];
  return [
    `- Machine: ${machine.cores} cores (${machine.cpu}), ${machine.memoryGib} GiB, Linux ${machine.kernel}, guests under ${machine.accelerator}`,
    `- Versions: ${versions.join(", ")}`,
    `- Run: ${startedAt}, ${Math.round(seconds / 60)} minutes, load average ${loadAverage.toFixed(2)} at its start${quick ? "; QUICK: few samples, proves nothing" : ""}`,
    ...left,
  ].join("\n");
}

function tableOf(rows: readonly BenchRow[]): string {
  const head = ["row", "leea", "floor", "peer", "leea/floor", "leea/peer", "n", "target", "met"];
  const lines = [head, head.map(() => "---"), ...rows.map(cellsOf)];
  return lines.map((cells) => `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`).join("\n");
}

function notesOf(rows: readonly BenchRow[]): string {
  const lines = rows.map((row) => {
    const note = row.note === undefined ? "" : ` In this run: ${row.note}.`;
    return `- **${row.row}**: ${describeRow(row.row)}${note}`;
  });
  return `## What each row means\n\n${lines.join("\n")}`;
}

function missesOf(rows: readonly BenchRow[]): string {
  const missed = rows.filter(({ met }) => met === false).map(({ row }) => `- ${row}`);
  const reasons = new Set(rows.filter(({ met }) => met === false).flatMap(({ row }) => explainMiss(row) ?? []));
  const unknown = rows.filter(({ met, target }) => met === null && target !== "").map(({ row }) => `- ${row}`);
  const parts = [
    "## Targets",
    missed.length === 0 ? "No measured target was missed in this run." : `Missed in this run:\n\n${missed.join("\n")}`,
    ...(reasons.size === 0 ? [] : [`Why, and what was tried:\n\n${[...reasons].map(sentenceOf).join("\n")}`]),
    ...(unknown.length === 0 ? [] : [`Not judged, as a figure is missing:\n\n${unknown.join("\n")}`]),
  ];
  return parts.join("\n\n");
}

function sentenceOf({ what, why }: MissReason): string {
  return `- **${what}**: ${why}.`;
}
