// What was heard of the hosts -> the report that `leea status` prints, the worst thing first. Pure.

import { migrationDefaults } from "../../model/vm-spec";
import type { Decision } from "../../protocol/decision";
import type { RestartReport } from "../../protocol/vm";
import { mergeVms, type PlacedVm } from "../hosts/merge-vms";
import type { AnsweringHost, HostSurvey } from "../hosts/survey";
import { nameOfNode, percentOf } from "../text/figures";
import { findProblems } from "./find-problems";
import type { LinkStatus, NodeStatus, StatusReport, VmStatus } from "./status-shape";

/** What the report is made from. `lastDecisions` by vmId, for VMs that do not run as they should. */
export interface StatusFacts {
  readonly surveys: readonly HostSurvey[];
  readonly lastDecisions: ReadonlyMap<string, Decision>;
  readonly nowMs: number;
}

const linkDownMs = 3 * 60_000;

/** Makes the report. */
export function reportStatus(facts: StatusFacts): StatusReport {
  const placed = mergeVms(facts.surveys);
  const nodes = facts.surveys.map((survey) => describeNode(survey, facts.nowMs));
  const vms = placed.map((vm) => describeVm(vm, facts.lastDecisions.get(vm.report.vmId)));
  const problems = findProblems({ nodes, vms, placed, surveys: facts.surveys });
  return { version: 1, atMs: facts.nowMs, well: problems.length === 0, problems, nodes, vms };
}

function describeNode(survey: HostSurvey, nowMs: number): NodeStatus {
  if (!survey.answers)
    return {
      host: survey.label,
      state: "unreachable",
      reason: survey.reason,
      ...(survey.expectNodeId === undefined ? {} : { nodeId: survey.expectNodeId }),
      ...nameIfKnown(survey.name ?? (survey.expectNodeId === undefined ? undefined : nameOfNode(survey.expectNodeId))),
    };
  const { node, label, vms } = survey;
  const reason = whyNotReady(survey);
  return {
    host: label,
    state: reason === undefined ? "ready" : "not-ready",
    ...(reason === undefined ? {} : { reason }),
    nodeId: node.identity.nodeId,
    name: node.name,
    agentVersion: `${node.agentVersion}+${node.bundleHash.slice(0, 8)}`,
    vms: vms.length,
    links: node.links.map(({ peerId, lastHandshakeMs }) => describeLink(peerId, lastHandshakeMs, nowMs)),
    memoryBytes: node.memoryBytes,
    availableMemoryBytes: node.availableMemoryBytes,
  };
}

function nameIfKnown(name: string | undefined): { name?: string } {
  return name === undefined ? {} : { name };
}

function whyNotReady({ node }: AnsweringHost): string | undefined {
  if (node.missingPackages.length > 0)
    return `packages are missing: ${node.missingPackages.map((each) => each.package).join(", ")}`;
  return node.mesh === undefined ? "it is in no mesh" : undefined;
}

function describeLink(peerId: string, lastHandshakeMs: number, nowMs: number): LinkStatus {
  if (lastHandshakeMs === 0) return { peerId, state: "down" };
  const handshakeAgeMs = Math.max(0, nowMs - lastHandshakeMs);
  return { peerId, state: handshakeAgeMs > linkDownMs ? "down" : "up", handshakeAgeMs };
}

function describeVm({ report, operation }: PlacedVm, last: Decision | undefined): VmStatus {
  const { progress, operationId, kind } = operation?.operation ?? {};
  const percent = percentOf(progress?.bytesDone, progress?.bytesTotal);
  return {
    vmId: report.vmId,
    name: report.spec.name,
    owner: report.owner,
    state: report.state,
    nodeId: report.nodeId,
    node: nameOfNode(report.nodeId),
    ...(report.address === undefined ? {} : { address: report.address }),
    mode: report.spec.migration.mode ?? migrationDefaults.mode,
    generation: report.generation,
    ...(progress === undefined || operationId === undefined || kind === undefined
      ? {}
      : {
          operation: {
            operationId,
            kind,
            phase: progress.phase,
            ...(progress.message === undefined ? {} : { message: progress.message }),
            ...(percent === undefined ? {} : { percent }),
            ...(progress.bytesPerSecond === undefined ? {} : { bytesPerSecond: progress.bytesPerSecond }),
            ...(progress.secondsLeft === undefined ? {} : { secondsLeft: progress.secondsLeft }),
          },
        }),
    ...(report.restart === undefined ? {} : { restart: report.restart }),
    waits: [
      ...(progress?.message === undefined ? [] : [progress.message]),
      ...(report.restart === undefined ? [] : [describeRestart(report.restart)]),
      ...(last === undefined || report.restart !== undefined
        ? []
        : last.because.map((reason) => `${last.decision}: ${reason}`)),
    ],
  };
}

function describeRestart({ because, failures, degraded }: RestartReport): string {
  const tries = failures === 0 ? "" : `, ${failures} failed ${failures === 1 ? "start" : "starts"} so far`;
  return `its host will start it again: ${because}${tries}${degraded ? " (degraded)" : ""}`;
}
