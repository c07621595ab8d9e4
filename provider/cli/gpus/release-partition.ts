// `leea gpus --release PARTITION`: gives a partition back to its host where no VM can do it any more. Without --yes it only says
// what it would do. The host itself refuses what a VM that it knows has, or a program holds open.

import { chooseOperationId } from "../../controller/handlers/choose-operation-id";
import { LeeaError } from "../../model/errors";
import { nearestName } from "../../model/inputs/nearest-name";
import type { DeletePartitionAnswer, PartitionReport } from "../../protocol/gpu";
import { refuseSilence } from "../hosts/pick";
import type { AnsweringHost, HostSurvey } from "../hosts/survey";
import type { AskedHost } from "./gpus-report";

/** What came of it, as --json prints it. */
export interface ReleaseOutcome {
  readonly partitionId: string;
  readonly name: string;
  readonly owner: string;
  readonly host: string;
  /** `told`: it would be released. `kept`: it was declared anew meanwhile. */
  readonly outcome: "told" | DeletePartitionAnswer["result"];
  readonly message: string;
}

/** A partition and the host that has it. */
interface PlacedPartition {
  readonly report: PartitionReport;
  readonly host: AnsweringHost;
}

/** Releases the partition of that name or id, or says that it would. Errors: NOT_FOUND, and those of the host's release. */
export async function releasePartition(
  word: string,
  asked: readonly AskedHost[],
  isSure: boolean,
): Promise<ReleaseOutcome> {
  const { report, host } = pickPartition(word, asked);
  const { partitionId, owner, spec, incarnation } = report;
  const base = { partitionId, name: spec.name, owner, host: host.node.name };
  if (!isSure) return { ...base, outcome: "told", message: tell(report, host) };
  const operationId = await chooseOperationId(host.session, "delete-gpu", [partitionId, incarnation]);
  const operation = await host.session.call("deleteGpuPartition", {
    params: { partitionId },
    body: { operationId, incarnation },
  });
  const ended = await host.session.follow(operation, () => undefined);
  const { result } = ended.result as DeletePartitionAnswer;
  return { ...base, outcome: result, message: endings[result] };
}

const endings: Readonly<Record<DeletePartitionAnswer["result"], string>> = {
  released: "its device is as it was before",
  absent: "the host has it no more",
  kept: "it was declared anew meanwhile and is kept",
};

function tell({ owner, holder, holderIsGone, device, mode }: PartitionReport, { node }: AnsweringHost): string {
  const who =
    holder === undefined
      ? "no VM has it"
      : `VM ${holder.id} has it${holderIsGone === true ? ", which the host knows no more" : ""}`;
  return `${mode} of ${device} on ${node.name} would go back to its host's driver; ${who}; ${owner} declares it, whose next \`up\` with a refresh makes it again`;
}

function pickPartition(word: string, asked: readonly AskedHost[]): PlacedPartition {
  const surveys: readonly HostSurvey[] = asked.map(({ survey }) => survey);
  refuseSilence(surveys);
  const all = asked.flatMap(({ survey, inventory }) =>
    survey.answers ? (inventory?.partitions ?? []).map((report) => ({ report, host: survey })) : [],
  );
  const found = all.filter(({ report }) => report.partitionId === word || report.spec.name === word);
  const [only] = found;
  if (only !== undefined && found.length === 1) return only;
  const lines = found.map(({ report, host }) => `  ${report.partitionId}  of ${report.owner}, on ${host.node.name}`);
  const names = all.map(({ report }) => report.spec.name);
  const near = nearestName(word, names);
  throw new LeeaError({
    code: "NOT_FOUND",
    message:
      found.length > 1
        ? `"${word}" is the name of ${found.length} GPU partitions:\n${lines.join("\n")}`
        : `No host that answers has a GPU partition "${word}"${near === undefined ? "" : `; did you mean "${near}"?`}`,
    hint: found.length > 1 ? "Name it by its id." : `There are: ${names.join(", ") || "none"}.`,
  });
}
