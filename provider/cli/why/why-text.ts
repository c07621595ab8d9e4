// The story of a VM for people. Pure.

import { nameOfNode } from "../text/figures";
import type { Paint } from "../text/paint";
import { formatTable } from "../text/table";
import type { ToldDecision, WhyReport } from "./why-report";

/** Lines of the story. */
export function formatWhy(report: WhyReport, paint: Paint): string[] {
  const { name = report.vmId, state = "nowhere to be found", currentNode, waits, next, decisions } = report;
  const where = currentNode === undefined ? "" : ` on ${nameOfNode(currentNode)}`;
  return [
    `${paint.bold(name)} is ${state}${where}   ${paint.dim(report.vmId)}`,
    ...waits.map((wait) => `${paint.warn("waits")}  ${wait}`),
    ...next.map((step) => `${paint.bold("next")}   ${step}`),
    "",
    ...formatTable(
      ["HOST", "RECORD", "GEN", "WANTED", "QEMU", ""],
      report.hosts.map((host) => hostRow(host, paint)),
      paint.dim,
    ),
    "",
    ...(decisions.length === 0
      ? [paint.dim("No host has noted a decision about it.")]
      : decisions.flatMap((each) => describeDecision(each, paint))),
  ];
}

function hostRow({ host, nodeId, reason, record }: WhyReport["hosts"][number], paint: Paint) {
  const name = { text: nodeId === undefined ? host : nameOfNode(nodeId), paint: paint.bold };
  if (reason !== undefined)
    return [
      name,
      { text: "?", paint: paint.bad },
      { text: "" },
      { text: "" },
      { text: "" },
      { text: `does not answer: ${reason}` },
    ];
  if (record === undefined) return [name, { text: "none", paint: paint.dim }];
  const { role, generation, wantsToRun, monitorAnswers, movedTo } = record;
  return [
    name,
    { text: role },
    { text: String(generation) },
    { text: wantsToRun ? "running" : "stopped" },
    { text: monitorAnswers ? "answers" : "-" },
    { text: movedTo === undefined ? "" : `went to ${nameOfNode(movedTo.nodeId)}`, paint: paint.dim },
  ];
}

/** Such as `2026-11-22 18:03:04.123  a  released  QEMU reported …`, the evidence below. */
function describeDecision({ atMs, nodeId, decision, because, evidence, moveId }: ToldDecision, paint: Paint): string[] {
  const at = new Date(atMs).toISOString().replace("T", " ").replace("Z", "");
  const facts = [...Object.entries(evidence ?? {}), ...(moveId === undefined ? [] : [["move", moveId] as const])];
  const told = facts
    .map(([key, value]) => `${key}=${typeof value === "string" ? value : JSON.stringify(value)}`)
    .join(" ");
  return [
    `${paint.dim(at)}  ${nameOfNode(nodeId)}  ${paint.bold(decision)}`,
    ...because.map((reason) => `    because ${reason}`),
    ...(told === "" ? [] : [paint.dim(`    ${told}`)]),
  ];
}
