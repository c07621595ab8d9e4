// What all hosts tell of a VM -> one story: their records, what it waits for, what to do, and the decisions in the order
// of the hosts' clocks. Its shape is an interface (words/json-shapes.ts). Pure.

import type { Decision, DecisionsAnswer, RecordSummary } from "../../protocol/decision";
import type { Operation } from "../../protocol/operation";
import type { VmReport } from "../../protocol/vm";
import { nameOfNode } from "../text/figures";

/** What one host told, or why it could not be asked. */
export interface HostStory {
  readonly host: string;
  readonly nodeId?: string;
  readonly reason?: string;
  readonly answer?: DecisionsAnswer;
}

/** What the story is made from. `report` is absent for a VM that nobody has now. */
export interface WhyFacts {
  readonly vmId: string;
  readonly stories: readonly HostStory[];
  readonly report?: VmReport;
  readonly operation?: Operation;
  readonly last: number;
}

/** A decision with the host that took it. */
export interface ToldDecision extends Decision {
  readonly nodeId: string;
}

/** The whole story. */
export interface WhyReport {
  readonly vmId: string;
  readonly name?: string;
  readonly currentNode?: string;
  readonly state?: string;
  readonly waits: readonly string[];
  readonly next: readonly string[];
  readonly hosts: readonly {
    readonly host: string;
    readonly nodeId?: string;
    readonly reason?: string;
    readonly record?: Omit<RecordSummary, "name" | "owner" | "logicalName">;
  }[];
  readonly decisions: readonly ToldDecision[];
}

/** Makes the story; the last `last` decisions, oldest first. */
export function reportWhy(facts: WhyFacts): WhyReport {
  const { vmId, stories, report, last } = facts;
  const records = stories.flatMap(({ answer }) => answer?.record ?? []);
  const name = report?.spec.name ?? records[0]?.name;
  const decisions = stories
    .flatMap(({ answer }) =>
      (answer?.decisions ?? []).map((decision) => ({ ...decision, nodeId: answer?.nodeId ?? "" })),
    )
    .sort((left, right) => left.atMs - right.atMs);
  return {
    vmId,
    ...(name === undefined ? {} : { name }),
    ...(report === undefined ? {} : { currentNode: report.nodeId, state: report.state }),
    waits: findWaits(facts),
    next: findNext(facts, name ?? vmId),
    hosts: stories.map(({ host, nodeId, reason, answer }) => ({
      host,
      ...(nodeId === undefined ? {} : { nodeId }),
      ...(reason === undefined ? {} : { reason }),
      ...(answer?.record === undefined ? {} : { record: withoutNames(answer.record) }),
    })),
    decisions: last === 0 ? [] : decisions.slice(-last),
  };
}

function withoutNames(record: RecordSummary): Omit<RecordSummary, "name" | "owner" | "logicalName"> {
  const { name: _name, owner: _owner, logicalName: _logicalName, ...rest } = record;
  return rest;
}

function findWaits({ stories, operation }: WhyFacts): string[] {
  const running =
    operation === undefined
      ? []
      : [
          `${operation.kind} runs, phase ${operation.progress.phase}${operation.progress.message === undefined ? "" : `: ${operation.progress.message}`}`,
        ];
  return [...running, ...stories.flatMap(waitOfRecord)];
}

/** What a record itself says must still happen. */
function waitOfRecord({ answer, host }: HostStory): string[] {
  const record = answer?.record;
  const name = answer === undefined ? host : nameOfNode(answer.nodeId);
  if (record?.role === "incoming")
    return [`${name} waits for the grant of the source, or its word that the move is off`];
  if (record?.role === "released")
    return [`${name} has released it, and waits for the destination's word that it runs there or never did`];
  if (record?.role === "owner" && record.wantsToRun && !record.monitorAnswers)
    return [`${name} owns it and wants it running, and its QEMU does not run or does not answer`];
  return [];
}

function findNext({ stories, report, operation }: WhyFacts, name: string): string[] {
  const silent = stories.filter(({ reason }) => reason !== undefined);
  const isReleased = stories.some(({ answer }) => answer?.record?.role === "released");
  return [
    ...(isReleased && silent.length > 0
      ? [`bring ${silent.map(({ host }) => host).join(" and ")} back: only it can say whether the guest ran there`]
      : []),
    ...(operation?.kind === "move-vm"
      ? [`watch it with \`leea status --watch\`; cancel it with \`leea cancel ${name}\``]
      : []),
    ...(report?.state === "crashed"
      ? [
          `see its last words with \`leea logs ${name}\` and \`leea logs ${name} --qemu\`; \`pulumi up\` starts it again`,
        ]
      : []),
    ...(report === undefined && silent.length > 0 ? ["no host that answers has it now; the silent ones may"] : []),
  ];
}
