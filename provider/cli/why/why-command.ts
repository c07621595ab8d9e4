// `leea why VM`: asks every host for its part of the VM's story and tells it as one.

import { isLeeaError } from "../../model/errors";
import { chooseHosts } from "../hosts/choose-hosts";
import { mergeVms, type PlacedVm } from "../hosts/merge-vms";
import { pickVm, refuseSilence } from "../hosts/pick";
import { closeSurveys, type HostSurvey, surveyHosts } from "../hosts/survey";
import { choosePaint } from "../text/paint";
import { countOf, type ParsedWords } from "../words/parse-words";
import { type HostStory, reportWhy } from "./why-report";
import { formatWhy } from "./why-text";

const usualCount = 20;

/** Prints the story. NOT_FOUND where no host has ever heard of the VM. */
export async function whyCommand(parsed: ParsedWords): Promise<number> {
  const last = countOf(parsed, "last", usualCount);
  const surveys = await surveyHosts((await chooseHosts(parsed)).hosts);
  try {
    refuseSilence(surveys);
    const placed = mergeVms(surveys);
    const { vmId, vm, stories } = await findStories(parsed.args[0] ?? "", placed, surveys);
    const facts = {
      vmId,
      stories,
      last,
      ...(vm === undefined ? {} : { report: vm.report }),
      ...(vm?.operation === undefined ? {} : { operation: vm.operation.operation }),
    };
    const report = reportWhy(facts);
    const paint = choosePaint({ isTerminal: process.stdout.isTTY, env: process.env });
    const text = parsed.switches.has("json") ? JSON.stringify(report, null, 2) : formatWhy(report, paint).join("\n");
    process.stdout.write(`${text}\n`);
    return 0;
  } finally {
    closeSurveys(surveys);
  }
}

interface Found {
  readonly vmId: string;
  readonly vm?: PlacedVm;
  readonly stories: readonly HostStory[];
}

/** By name where some host has it, went without it, or, by its vmId, only remembers it. */
async function findStories(word: string, placed: readonly PlacedVm[], surveys: readonly HostSurvey[]): Promise<Found> {
  const vm = placed.find(({ report }) => report.vmId === word);
  const gone = surveys
    .flatMap((survey) => (survey.answers ? survey.moved : []))
    .find(({ vmId, name }) => vmId === word || name === word);
  const isPresent = vm !== undefined || placed.some(({ report }) => report.spec.name === word);
  if (isPresent) {
    const picked = pickVm(word, placed, surveys);
    return { vmId: picked.report.vmId, vm: picked, stories: await askStories(picked.report.vmId, surveys) };
  }
  const vmId = gone?.vmId ?? word;
  const stories = /^[a-z2-7]{26}$/.test(vmId) ? await askStories(vmId, surveys) : [];
  const isKnown = stories.some(({ answer }) => answer?.record !== undefined || (answer?.decisions.length ?? 0) > 0);
  if (isKnown) return { vmId, stories };
  pickVm(word, placed, surveys);
  return { vmId, stories };
}

function askStories(vmId: string, surveys: readonly HostSurvey[]): Promise<HostStory[]> {
  return Promise.all(
    surveys.map(async (survey): Promise<HostStory> => {
      if (!survey.answers) {
        const { label: host, reason, expectNodeId: nodeId } = survey;
        return { host, reason, ...(nodeId === undefined ? {} : { nodeId }) };
      }
      const { label: host, node, session } = survey;
      const { nodeId } = node.identity;
      try {
        return { host, nodeId, answer: await session.call("getDecisions", { params: { vmId } }) };
      } catch (error) {
        if (!isLeeaError(error)) throw error;
        const isOld = error.code === "NOT_FOUND" || error.code === "PROTOCOL_INVALID";
        return { host, nodeId, reason: isOld ? "its agent is too old to tell; run `pulumi up`" : error.message };
      }
    }),
  );
}
