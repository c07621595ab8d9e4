// The whole result of a run: where it was measured, with what, and the rows; kept in .leea/bench.json.

import { execFile } from "node:child_process";
import { existsSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { cpus, release, totalmem } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import type { BenchRow } from "./bench-row";

const run = promisify(execFile);

/** What the figures depend on. */
export interface BenchMachine {
  readonly cpu: string;
  readonly cores: number;
  readonly memoryGib: number;
  readonly kernel: string;
  readonly accelerator: string;
  /** Program to version. */
  readonly versions: Readonly<Record<string, string>>;
}

/** The file's shape. `loadAverage`: of one minute, when the run began. `unmeasured`: titles of the groups that it left out or never reached. */
export interface BenchReport {
  readonly startedAt: string;
  readonly seconds: number;
  readonly quick: boolean;
  readonly loadAverage: number;
  readonly machine: BenchMachine;
  readonly unmeasured: readonly string[];
  readonly rows: readonly BenchRow[];
}

/** What this machine is; a program that is not there is left out. */
export async function describeMachine(): Promise<BenchMachine> {
  const versions: Record<string, string> = { node: process.versions.node };
  const programs = {
    qemu: "qemu-system-x86_64",
    libvirt: "libvirtd",
    bird: "bird",
    pulumi: "pulumi",
    terraform: "terraform",
  };
  for (const [name, program] of Object.entries(programs)) {
    const version = await askVersion(program);
    if (version !== undefined) versions[name] = version;
  }
  return {
    cpu: cpus()[0]?.model.trim() ?? "unknown",
    cores: cpus().length,
    memoryGib: Math.round(totalmem() / 2 ** 30),
    kernel: release(),
    accelerator: "tcg",
    versions,
  };
}

/** Keeps the report for the next reader: bench.json, or bench-quick.json, which proves nothing and replaces nothing. */
export function writeReport(folder: string, report: BenchReport): void {
  const file = reportFile(folder, report.quick);
  writeFileSync(`${file}.new`, `${JSON.stringify(report, null, 2)}\n`);
  renameSync(`${file}.new`, file);
}

/** The report of the last run, if there is one. */
export function readReport(folder: string): BenchReport | undefined {
  const file = reportFile(folder, false);
  if (!existsSync(file)) return undefined;
  const kept = JSON.parse(readFileSync(file, "utf8")) as Omit<BenchReport, "unmeasured"> & Partial<BenchReport>;
  return { ...kept, unmeasured: kept.unmeasured ?? [] };
}

function reportFile(folder: string, quick: boolean): string {
  return join(folder, quick ? "bench-quick.json" : "bench.json");
}

async function askVersion(program: string): Promise<string | undefined> {
  for (const word of ["--version", "version"]) {
    // Not installed is a fair answer: the row that needs it says so.
    const result = await run(program, [word]).catch(() => undefined);
    const version = /(\d+\.\d+(\.\d+)?)/.exec(`${result?.stdout ?? ""}${result?.stderr ?? ""}`)?.[1];
    if (version !== undefined) return version;
  }
  return undefined;
}
