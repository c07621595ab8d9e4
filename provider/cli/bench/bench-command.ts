// `leea bench`: measures the product beside its floor and its peers, group by group, and prints one table. A group that
// fails is a row with its reason; the others go on. It judges nothing but the table's last column.

import { loadavg } from "node:os";
import { setTimeout as wait } from "node:timers/promises";
import { parseArgs } from "node:util";
import { describeError, LeeaError } from "../../model/errors";
import { findCheckout } from "../story/run/checkout";
import { exitOnInterrupt, holdIfInterrupted, stoppable } from "../story/run/interrupt";
import { writeBenchDocs } from "./report/bench-docs";
import { type BenchReport, describeMachine, readReport, writeReport } from "./report/bench-report";
import { type BenchRow, failedRow } from "./report/bench-row";
import { renderTable } from "./report/bench-table";
import { openBench } from "./rig/bench";
import { benchGroups } from "./rows/bench-groups";

const usage = `Usage: npm run bench -- [--only ${Object.keys(benchGroups).join(",")}] [--quick] [--no-peers] [--write-docs]

Measures leea, the same by the barest means (floor) and what others use (peer), in the same run, on hosts of this
machine. The table goes to standard output and to .leea/bench.json. --quick takes few samples, for .leea/bench-quick.json:
it shows that everything works and proves nothing. --write-docs also writes docs/benchmarks.md; with --only nothing else is measured, and
\`--only none --write-docs\` writes the document from the last run.
`;

const groupDeadlineMs = 25 * 60_000;

interface Words {
  readonly groups: readonly string[];
  readonly quick: boolean;
  readonly writeDocs: boolean;
}

/** Runs the bench; its status is 0 when every group could be measured, whatever the figures. */
export async function benchCommand(argv: readonly string[]): Promise<number> {
  const words = readWords(argv);
  if (words === undefined) {
    process.stderr.write(usage);
    return 2;
  }
  const checkout = findCheckout();
  const report = words.groups.length === 0 ? readReport(checkout.folder) : await measure(words);
  if (report === undefined) {
    process.stderr.write("There is no earlier run to write of.\n");
    return 1;
  }
  process.stdout.write(`\n${renderTable(report.rows)}`);
  if (words.writeDocs) writeBenchDocs(checkout.root, report);
  return report.rows.some((row) => row.leea === null) ? 1 : 0;
}

async function measure(words: Words): Promise<BenchReport> {
  const startedAt = new Date();
  const [loadAverage = 0] = loadavg();
  const machine = await describeMachine();
  const rows: BenchRow[] = [];
  const unmeasured = new Map(Object.entries(benchGroups).map(([name, { title }]) => [name, title]));
  exitOnInterrupt("Interrupted; everything that was made is gone again.");
  const reportNow = (): BenchReport => ({
    startedAt: startedAt.toISOString(),
    seconds: Math.round((Date.now() - startedAt.getTime()) / 1000),
    quick: words.quick,
    loadAverage,
    machine,
    unmeasured: [...unmeasured.values()],
    rows,
  });
  for (const name of words.groups) {
    rows.push(...(await measureGroup(name, words.quick)));
    unmeasured.delete(name);
    writeReport(findCheckout().folder, reportNow());
  }
  return reportNow();
}

async function measureGroup(name: string, quick: boolean): Promise<readonly BenchRow[]> {
  const group = benchGroups[name];
  if (group === undefined) return [failedRow(name, "there is no such group")];
  const startedAtMs = performance.now();
  const tell = (line: string): void => {
    const seconds = Math.round((performance.now() - startedAtMs) / 1000);
    process.stderr.write(`${name.padEnd(10)} ${String(seconds).padStart(4)} s  ${line}\n`);
  };
  const { bench, rows, end } = openBench(findCheckout(), { quick, tell });
  tell(group.title);
  try {
    await stoppable(end, beforeDeadline(group.measure(bench)));
    return rows;
  } catch (error) {
    await holdIfInterrupted();
    tell(`failed: ${describeError(error)}`);
    const why = error instanceof Error ? (error.message.split("\n")[0] ?? "") : String(error);
    return [...rows, failedRow(group.title, why)];
  } finally {
    await end();
  }
}

/** A group that hangs must not cost the figures of those after it. */
async function beforeDeadline(measuring: Promise<void>): Promise<void> {
  const stop = new AbortController();
  const late = wait(groupDeadlineMs, undefined, { signal: stop.signal }).then(() => {
    throw new LeeaError({ code: "TIMED_OUT", message: `it took longer than ${groupDeadlineMs / 60_000} minutes` });
  });
  late.catch(() => undefined); // stopped in time
  measuring.catch(() => undefined); // what fails when its hosts are taken away is not told
  try {
    await Promise.race([measuring, late]);
  } finally {
    stop.abort();
  }
}

function readWords(argv: readonly string[]): Words | undefined {
  try {
    const { values } = parseArgs({
      args: [...argv],
      options: {
        only: { type: "string" },
        quick: { type: "boolean", default: false },
        "no-peers": { type: "boolean", default: false },
        "write-docs": { type: "boolean", default: false },
      },
    });
    const all = Object.keys(benchGroups);
    const groups = values.only === undefined ? all : values.only.split(",").filter((name) => name !== "none");
    if (groups.some((name) => !all.includes(name))) return undefined;
    if (values["no-peers"]) process.env["LEEA_BENCH_PEERS"] = "";
    return { groups, quick: values.quick, writeDocs: values["write-docs"] };
  } catch {
    // A word that does not exist: the usage says which do.
    return undefined;
  }
}
