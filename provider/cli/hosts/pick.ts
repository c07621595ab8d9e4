// From a word to the one VM or host that it names. Where it names several, or none, the error lists what there is. Pure.

import { LeeaError } from "../../model/errors";
import { nearestName } from "../../model/inputs/nearest-name";
import { nameOfNode } from "../text/figures";
import type { PlacedVm } from "./merge-vms";
import type { AnsweringHost, HostSurvey, SilentHost } from "./survey";

/** The VM of that name or vmId. NOT_FOUND, which lists candidates and the hosts that did not answer; HOST_UNREACHABLE where none answers. */
export function pickVm(word: string, vms: readonly PlacedVm[], surveys: readonly HostSurvey[]): PlacedVm {
  refuseSilence(surveys);
  const found = vms.filter(({ report }) => report.vmId === word || report.spec.name === word);
  const [only] = found;
  if (only !== undefined && found.length === 1) return only;
  if (found.length > 1)
    throw new LeeaError({
      code: "NOT_FOUND",
      message: `"${word}" is the name of ${found.length} VMs:\n${found.map(describeVm).join("\n")}`,
      hint: "Name it by its vmId.",
      details: {
        candidates: found.map(({ report }) => ({ vmId: report.vmId, owner: report.owner, nodeId: report.nodeId })),
      },
    });
  const near = nearestName(
    word,
    vms.map(({ report }) => report.spec.name),
  );
  throw new LeeaError({
    code: "NOT_FOUND",
    message: `No host that answers has a VM "${word}"${near === undefined ? "" : `; did you mean "${near}"?`}${describeSilent(surveys)}`,
    hint:
      vms.length === 0
        ? "There is no VM on them at all."
        : `There are: ${vms.map(({ report }) => report.spec.name).join(", ")}.`,
  });
}

/** The host of that name or node id. NOT_FOUND, HOST_UNREACHABLE with the reason where it is one that does not answer. */
export function pickNode(word: string, surveys: readonly HostSurvey[]): AnsweringHost {
  const found = surveys.filter((survey) => namesOf(survey).includes(word));
  const [only] = found;
  if (found.length > 1)
    throw new LeeaError({
      code: "NOT_FOUND",
      message: `"${word}" is the name of ${found.length} hosts: ${found.map(({ label }) => label).join(", ")}`,
      hint: "Name it by its node id, as `leea status --json` shows it.",
    });
  if (only?.answers === true) return only;
  if (only !== undefined)
    throw new LeeaError({
      code: "HOST_UNREACHABLE",
      message: `${word} does not answer: ${only.reason}`,
      hint: only.hint,
    });
  const names = surveys.flatMap((survey) => (survey.answers ? [survey.node.name] : (survey.name ?? [])));
  const near = nearestName(word, names);
  throw new LeeaError({
    code: "NOT_FOUND",
    message: `There is no host "${word}"${near === undefined ? "" : `; did you mean "${near}"?`}${describeSilent(surveys)}`,
    hint: `There are: ${names.join(", ") || "none"}.`,
  });
}

/** HOST_UNREACHABLE, with every reason, where no host answers. */
export function refuseSilence(surveys: readonly HostSurvey[]): void {
  if (surveys.some(({ answers }) => answers)) return;
  const silent = surveys.filter((survey): survey is SilentHost => !survey.answers);
  throw new LeeaError({
    code: "HOST_UNREACHABLE",
    message: `No host answers:\n${silent.map(({ label, reason }) => `  ${label}: ${reason}`).join("\n")}`,
    hint: silent.find(({ hint }) => hint !== undefined)?.hint,
  });
}

function namesOf(survey: HostSurvey): readonly string[] {
  if (survey.answers) return [survey.node.name, survey.node.identity.nodeId, survey.label, survey.connection.host];
  const { name, expectNodeId, label, connection } = survey;
  return [
    name ?? "",
    expectNodeId ?? "",
    expectNodeId === undefined ? "" : nameOfNode(expectNodeId),
    label,
    connection.host,
  ];
}

function describeVm({ report }: PlacedVm): string {
  return `  ${report.vmId}  of ${report.owner}, on ${nameOfNode(report.nodeId)}`;
}

function describeSilent(surveys: readonly HostSurvey[]): string {
  const silent = surveys.flatMap((survey) => (survey.answers ? [] : [`${survey.label} (${survey.reason})`]));
  return silent.length === 0 ? "" : `; these did not answer: ${silent.join(", ")}`;
}
