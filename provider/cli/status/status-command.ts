// `leea status`: asks, reports, prints; with --watch again and again. Decides nothing but when to look.

import { setTimeout as pause } from "node:timers/promises";
import type { Decision } from "../../protocol/decision";
import { chooseHosts } from "../hosts/choose-hosts";
import { mergeVms } from "../hosts/merge-vms";
import { closeSurveys, type HostSurvey, surveyAgain, surveyHosts } from "../hosts/survey";
import { choosePaint } from "../text/paint";
import { exitCodes } from "../words/exit-codes";
import type { ParsedWords } from "../words/parse-words";
import { reportStatus } from "./status-report";
import type { StatusReport } from "./status-shape";
import { formatStatus, statusLines } from "./status-text";

const watchMs = 2_000;

/** Prints the status; 0 where all is well, 6 where something is not, 4 where no host answers. */
export async function statusCommand(parsed: ParsedWords): Promise<number> {
  const { hosts } = await chooseHosts(parsed);
  let surveys = await surveyHosts(hosts);
  try {
    if (!parsed.switches.has("watch")) return await printOnce(surveys, parsed.switches.has("json"));
    const show = chooseShow(parsed.switches.has("json"));
    for (;;) {
      show(await makeReport(surveys));
      await pause(watchMs);
      surveys = await surveyAgain(surveys);
    }
  } finally {
    closeSurveys(surveys);
  }
}

async function printOnce(surveys: readonly HostSurvey[], isJson: boolean): Promise<number> {
  const report = await makeReport(surveys);
  write(isJson ? [JSON.stringify(report, null, 2)] : formatStatus(report, paintOf()));
  if (report.nodes.every(({ state }) => state === "unreachable")) return exitCodes.unreachable;
  return report.well ? exitCodes.done : exitCodes.notWell;
}

/** A terminal is redrawn; a pipe gets the lines that were not so before, and with --json one object a line. */
function chooseShow(isJson: boolean): (report: StatusReport) => void {
  if (isJson) return (report) => write([JSON.stringify(report)]);
  if (process.stdout.isTTY)
    return (report) => {
      const lines = formatStatus(report, paintOf());
      const at = new Date(report.atMs).toLocaleTimeString();
      process.stdout.write(`\u001b[H\u001b[2J${lines.join("\n")}\n\n${paintOf().dim(`${at}, Ctrl-C ends`)}\n`);
    };
  let before = new Set<string>();
  return (report) => {
    const lines = statusLines(report);
    const at = new Date(report.atMs).toISOString();
    write(lines.filter((line) => !before.has(line)).map((line) => `${at} ${line}`));
    before = new Set(lines);
  };
}

async function makeReport(surveys: readonly HostSurvey[]): Promise<StatusReport> {
  return reportStatus({ surveys, lastDecisions: await askLastDecisions(surveys), nowMs: Date.now() });
}

/** Why a VM does not run is its host's last decision about it. */
async function askLastDecisions(surveys: readonly HostSurvey[]): Promise<ReadonlyMap<string, Decision>> {
  const lost = mergeVms(surveys).filter(({ report }) => report.state === "crashed");
  const found = await Promise.all(
    lost.map(async ({ report: { vmId }, host }) => {
      const answer = await host.session.call("getDecisions", { params: { vmId } }).catch(() => undefined); // an agent that does not know it
      return [vmId, answer?.decisions.at(-1)] as const;
    }),
  );
  return new Map(found.flatMap(([vmId, last]) => (last === undefined ? [] : [[vmId, last]])));
}

function paintOf(): ReturnType<typeof choosePaint> {
  return choosePaint({ isTerminal: process.stdout.isTTY, env: process.env });
}

function write(lines: readonly string[]): void {
  if (lines.length > 0) process.stdout.write(`${lines.join("\n")}\n`);
}
