// The status report for people: what is not well first, then hosts, then VMs. Pure.

import { formatBytes, formatTime, nameOfNode } from "../text/figures";
import type { Paint } from "../text/paint";
import { type Cell, formatTable } from "../text/table";
import type { LinkStatus, NodeStatus, OperationStatus, StatusReport, VmStatus } from "./status-shape";

/** Lines of the report. */
export function formatStatus(report: StatusReport, paint: Paint): string[] {
  return [
    ...formatProblems(report, paint),
    ...formatTable(
      ["HOST", "STATE", "VMS", "LINKS", "HANDSHAKE", "MEMORY FREE", "AGENT", "AT"],
      report.nodes.map((node) => nodeRow(node, paint)),
      paint.dim,
    ),
    "",
    ...(report.vms.length === 0
      ? [paint.dim("No VMs.")]
      : formatTable(
          ["VM", "STATE", "HOST", "ADDRESS", "MOVES", "GEN", "NOW"],
          report.vms.map((vm) => vmRow(vm, paint)),
          paint.dim,
        )),
    ...report.vms.flatMap((vm) => vm.waits.map((wait) => paint.dim(`  ${vm.name}: ${wait}`))),
  ];
}

/** One line a thing, for a watch in a pipe: what is compared from look to look. */
export function statusLines(report: StatusReport): string[] {
  const subject = (node: NodeStatus): string => node.name ?? node.host;
  return [
    ...report.problems.map(({ severity, subject: name, what }) => `${severity}: ${name}: ${what}`),
    ...report.nodes.map((node) => `host ${subject(node)}: ${node.state}, ${describeLinks(node.links ?? [])}`),
    ...report.vms.map(
      (vm) =>
        `vm ${vm.name}: ${vm.state} on ${vm.node}${vm.operation === undefined ? "" : `, ${describeOperation(vm.operation)}`}`,
    ),
  ];
}

function formatProblems(report: StatusReport, paint: Paint): string[] {
  if (report.well) return [paint.good("All is well."), ""];
  const lines = report.problems.flatMap(({ severity, subject, what, next }) => [
    `${severity === "error" ? paint.bad("error  ") : paint.warn("warning")}  ${paint.bold(subject)}: ${what}`,
    ...(next === undefined ? [] : [paint.dim(`         next: ${next}`)]),
  ]);
  return [...lines, ""];
}

function nodeRow(node: NodeStatus, paint: Paint): Cell[] {
  const { links = [], memoryBytes, availableMemoryBytes } = node;
  const ages = links.flatMap(({ handshakeAgeMs }) => handshakeAgeMs ?? []);
  const isDown = links.some(({ state }) => state === "down");
  return [
    { text: node.name ?? node.host, paint: paint.bold },
    {
      text: node.state,
      paint: node.state === "ready" ? paint.good : node.state === "unreachable" ? paint.bad : paint.warn,
    },
    { text: node.vms === undefined ? "-" : String(node.vms) },
    { text: describeLinks(links), ...(isDown ? { paint: paint.warn } : {}) },
    { text: ages.length === 0 ? "-" : `${formatTime(Math.max(...ages))} ago` },
    {
      text:
        memoryBytes === undefined || availableMemoryBytes === undefined
          ? "-"
          : `${formatBytes(availableMemoryBytes)} of ${formatBytes(memoryBytes)}`,
    },
    { text: node.agentVersion ?? "-" },
    { text: node.host, paint: paint.dim },
  ];
}

function describeLinks(links: readonly LinkStatus[]): string {
  if (links.length === 0) return "-";
  const down = links.filter(({ state }) => state === "down").map(({ peerId }) => nameOfNode(peerId));
  return down.length === 0 ? `${links.length} up` : `${links.length - down.length} up, ${down.join(" ")} down`;
}

function vmRow(vm: VmStatus, paint: Paint): Cell[] {
  const paints = { running: paint.good, crashed: paint.bad, moving: paint.warn, stopped: paint.dim };
  const painted = paints[vm.state as keyof typeof paints];
  return [
    { text: vm.name, paint: paint.bold },
    { text: vm.state, ...(painted === undefined ? {} : { paint: painted }) },
    { text: vm.node },
    { text: vm.address ?? "-" },
    { text: vm.mode },
    { text: String(vm.generation) },
    { text: vm.operation === undefined ? "" : describeOperation(vm.operation) },
  ];
}

/** Such as `move-vm precopy 42 % 112 MiB/s 3 s left`. */
function describeOperation({ kind, phase, percent, bytesPerSecond, secondsLeft }: OperationStatus): string {
  return [
    kind,
    phase,
    ...(percent === undefined ? [] : [`${percent} %`]),
    ...(bytesPerSecond === undefined || bytesPerSecond === 0 ? [] : [`${formatBytes(bytesPerSecond)}/s`]),
    ...(secondsLeft === undefined ? [] : [`${formatTime(Math.ceil(secondsLeft) * 1_000)} left`]),
  ].join(" ");
}
