// What a failed run leaves for the one who looks into it: the plan, every word of the QEMUs, agents' logs, records, journal.

import { execFile } from "node:child_process";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { promisify } from "node:util";
import { lastWords } from "../kinds/fault-kind";
import type { FaultWorld } from "../world/fault-world";
import type { RunResult } from "./run-once";

const run = promisify(execFile);
const logLines = 400;

/** Fills a fresh folder. What cannot be had is left out: the host may be gone. */
export async function keepEvidence(opened: FaultWorld, folder: string, plan: string, result: unknown): Promise<void> {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  writeFileSync(`${folder}/result.json`, `${JSON.stringify({ plan, result }, null, 2)}\n`);
  writeFileSync(`${folder}/qmp.log`, `${lastWords(opened.copies.news, 500).join("\n")}\n`);
  writeFileSync(`${folder}/running.json`, `${JSON.stringify(opened.copies.times.all(), null, 2)}\n`);
  for (const { name, pid } of opened.world.lab.hosts) {
    const state = `/proc/${pid}/root/var/lib/leea`;
    await copyText(["tail", "-n", String(logLines), `${state}/agent.log`], `${folder}/${name}-agent.log`);
    await copyText(
      ["bash", "-c", `tail -n +1 ${state}/{records,journal,moves,expected}/*.json`],
      `${folder}/${name}-state.txt`,
    );
    await copyText(["bash", "-c", `tail -n 60 ${state}/vm-log/*.log`], `${folder}/${name}-qemu.txt`);
  }
}

async function copyText([program = "", ...args]: readonly string[], file: string): Promise<void> {
  const { stdout } = await run(program, args, { maxBuffer: 2 ** 26 }).catch((error: { stdout?: string }) => ({
    stdout: error.stdout ?? "",
  }));
  writeFileSync(file, stdout);
}

/** A run's outcome in a line. */
export function summarize(result: RunResult): string {
  const wrong = [
    ...result.doubleRuns,
    ...(result.lostWrites > 0 ? [`${result.lostWrites} acknowledged blocks lost`] : []),
    ...result.trouble,
  ];
  const end = result.failure === undefined ? "moved" : (result.failure.split("\n")[0]?.slice(0, 90) ?? "failed");
  const struck = result.struck ? "" : "  (nothing struck)";
  return `${result.from} -> ${result.to}  ${(result.tookMs / 1000).toFixed(1)} s  ${end}${struck}${wrong.length === 0 ? "" : `\n    WRONG: ${wrong.join("\n    WRONG: ")}`}`;
}
