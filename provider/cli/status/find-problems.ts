// What is not well, the worst first: what may run twice, what does not run, who does not answer, then what is only
// about to go wrong. Pure.

import type { PlacedVm } from "../hosts/merge-vms";
import type { HostSurvey } from "../hosts/survey";
import { formatBytes, formatTime } from "../text/figures";
import type { NodeStatus, StatusProblem, VmStatus } from "./status-shape";

/** The described hosts and VMs, and what they were described from. */
export interface Findings {
  readonly nodes: readonly NodeStatus[];
  readonly vms: readonly VmStatus[];
  readonly placed: readonly PlacedVm[];
  readonly surveys: readonly HostSurvey[];
}

const leastFreeShare = 0.03;

/** Every problem, the worst first. */
export function findProblems(findings: Findings): StatusProblem[] {
  const { nodes, vms, placed, surveys } = findings;
  return [
    ...placed.flatMap(runsTwice),
    ...vms.flatMap(doesNotRun),
    ...nodes.flatMap(doesNotAnswer),
    ...placed.flatMap(standsStill),
    ...nodes.flatMap(linkDown),
    ...surveys.flatMap(conflicts),
    ...nodes.flatMap(littleMemory),
    ...differentAgents(nodes),
  ];
}

function runsTwice({ report, reporters }: PlacedVm): StatusProblem[] {
  const running = reporters.filter((each) => each.report.state === "running");
  if (running.length < 2) return [];
  const where = running.map(({ host }) => host.node.name).join(" and ");
  return [
    {
      severity: "error",
      subject: report.spec.name,
      what: `runs on ${where} at once`,
      next: `leea why ${report.spec.name}`,
    },
  ];
}

function doesNotRun({ name, state, node, waits }: VmStatus): StatusProblem[] {
  if (state !== "crashed") return [];
  const why = waits.length === 0 ? "" : ` (${waits.join("; ")})`;
  return [
    {
      severity: "error",
      subject: name,
      what: `does not run on ${node}, and was meant to${why}`,
      next: `leea why ${name}`,
    },
  ];
}

function doesNotAnswer({ host, name = host, state, reason = "" }: NodeStatus): StatusProblem[] {
  if (state === "ready") return [];
  if (state === "unreachable") return [{ severity: "error", subject: name, what: `does not answer: ${reason}` }];
  return [{ severity: "warning", subject: name, what: reason, next: "run `pulumi up` for its MeshNode" }];
}

/** A move between release and the destination's word: the guest stands still, and only a host that answers ends that. */
function standsStill({ report, operation }: PlacedVm): StatusProblem[] {
  const { kind, progress } = operation?.operation ?? {};
  if (kind !== "move-vm" || progress?.phase !== "cutover" || progress.message === undefined) return [];
  return [
    { severity: "error", subject: report.spec.name, what: progress.message, next: `leea why ${report.spec.name}` },
  ];
}

function linkDown({ name = "", links = [] }: NodeStatus): StatusProblem[] {
  return links.flatMap(({ peerId, state, handshakeAgeMs }): StatusProblem[] =>
    state === "up"
      ? []
      : [
          {
            severity: "warning",
            subject: name,
            what: `its link to ${peerId} is down (${handshakeAgeMs === undefined ? "never a handshake" : `last handshake ${formatTime(handshakeAgeMs)} ago`})`,
          },
        ],
  );
}

function conflicts(survey: HostSurvey): StatusProblem[] {
  if (!survey.answers) return [];
  return survey.node.conflicts.map(({ what, mend }) => ({
    severity: "warning",
    subject: survey.node.name,
    what,
    next: mend,
  }));
}

function littleMemory({ name = "", memoryBytes, availableMemoryBytes }: NodeStatus): StatusProblem[] {
  if (memoryBytes === undefined || availableMemoryBytes === undefined) return [];
  if (availableMemoryBytes >= memoryBytes * leastFreeShare) return [];
  return [{ severity: "warning", subject: name, what: `has only ${formatBytes(availableMemoryBytes)} of memory left` }];
}

function differentAgents(nodes: readonly NodeStatus[]): StatusProblem[] {
  const versions = [...new Set(nodes.flatMap(({ agentVersion }) => agentVersion ?? []))];
  if (versions.length < 2) return [];
  return [
    {
      severity: "warning",
      subject: "agents",
      what: `differ in version: ${versions.join(", ")}`,
      next: "run `pulumi up`",
    },
  ];
}
