// One entry a VM out of what several hosts report: during a move both do. Pure.

import type { Operation } from "../../protocol/operation";
import type { VmReport } from "../../protocol/vm";
import type { AnsweringHost, HostSurvey } from "./survey";

/** A VM, the host whose word counts now, and the operation that changes it, with its host. */
export interface PlacedVm {
  readonly report: VmReport;
  readonly host: AnsweringHost;
  readonly operation?: { readonly operation: Operation; readonly host: AnsweringHost };
  /** Every host that reports it, for a VM that more than one does. */
  readonly reporters: readonly { readonly host: AnsweringHost; readonly report: VmReport }[];
}

/** The VMs in the order of their names. The highest generation counts; in one generation, the host that acts on it. */
export function mergeVms(surveys: readonly HostSurvey[]): PlacedVm[] {
  const byId = new Map<string, { host: AnsweringHost; report: VmReport }[]>();
  for (const host of surveys)
    if (host.answers)
      for (const report of host.vms) byId.set(report.vmId, [...(byId.get(report.vmId) ?? []), { host, report }]);
  return [...byId.values()].flatMap(place).sort((left, right) => compare(left.report, right.report));
}

function place(reporters: readonly { host: AnsweringHost; report: VmReport }[]): PlacedVm[] {
  const [first] = [...reporters].sort((left, right) => weight(right.report) - weight(left.report));
  if (first === undefined) return [];
  const acting = reporters.flatMap(({ host, report }) => {
    const operation = host.operations.get(report.operationId ?? "");
    return operation === undefined ? [] : [{ operation, host }];
  });
  const [operation] = acting;
  return [{ ...first, reporters, ...(operation === undefined ? {} : { operation }) }];
}

function weight(report: VmReport): number {
  return report.generation * 4 + (report.state === "moving" ? 0 : 2) + (report.operationId === undefined ? 0 : 1);
}

function compare(left: VmReport, right: VmReport): number {
  return left.spec.name.localeCompare(right.spec.name) || left.vmId.localeCompare(right.vmId);
}
