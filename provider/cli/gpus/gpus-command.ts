// `leea gpus`: asks every host for its GPUs and prints them. It changes nothing but by --release.

import { isLeeaError } from "../../model/errors";
import { chooseHosts } from "../hosts/choose-hosts";
import { closeSurveys, type HostSurvey, surveyHosts } from "../hosts/survey";
import { choosePaint } from "../text/paint";
import { exitCodes } from "../words/exit-codes";
import { type ParsedWords, valueOf } from "../words/parse-words";
import { type AskedHost, reportGpus } from "./gpus-report";
import { formatGpus } from "./gpus-text";
import { type ReleaseOutcome, releasePartition } from "./release-partition";

/** Prints the inventory; 0, or 4 where no host answers. With --release gives a partition back; 5 where that was only told. */
export async function gpusCommand(parsed: ParsedWords): Promise<number> {
  const word = valueOf(parsed, "release");
  const { hosts } = await chooseHosts(parsed);
  const surveys = await surveyHosts(hosts);
  try {
    const asked = await Promise.all(surveys.map(askHost));
    if (word !== undefined)
      return printRelease(await releasePartition(word, asked, parsed.switches.has("yes")), parsed);
    const report = reportGpus(asked);
    const paint = choosePaint({ isTerminal: process.stdout.isTTY, env: process.env });
    const lines = parsed.switches.has("json") ? [JSON.stringify(report, null, 2)] : formatGpus(report, paint);
    process.stdout.write(`${lines.join("\n")}\n`);
    return surveys.some(({ answers }) => answers) ? exitCodes.done : exitCodes.unreachable;
  } finally {
    closeSurveys(surveys);
  }
}

function printRelease(outcome: ReleaseOutcome, parsed: ParsedWords): number {
  const next = outcome.outcome === "told" ? ["Nothing was done; add --yes to do it."] : [];
  const lines = [
    `${outcome.name}: ${outcome.outcome === "told" ? "" : `${outcome.outcome}, `}${outcome.message}`,
    ...next,
  ];
  const text = parsed.switches.has("json") ? JSON.stringify(outcome, null, 2) : lines.join("\n");
  process.stdout.write(`${text}\n`);
  return outcome.outcome === "told" ? exitCodes.refused : exitCodes.done;
}

/** One host that cannot say stops no other: an older agent does not know the question. */
async function askHost(survey: HostSurvey): Promise<AskedHost> {
  if (!survey.answers) return { survey };
  try {
    return { survey, inventory: await survey.session.call("listGpus", {}) };
  } catch (error) {
    if (!isLeeaError(error)) throw error;
    return { survey, reason: error.message.split("\n")[0] ?? "" };
  }
}
