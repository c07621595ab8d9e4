// What hosts say of their GPUs -> the report that `leea gpus` prints. Pure.

import type { MissingForGpu } from "../../model/gpu/host/host-readiness";
import type { GpuReport } from "../../model/gpu/plan/describe-gpus";
import type { GpuInventory, PartitionReport } from "../../protocol/gpu";
import type { HostSurvey } from "../hosts/survey";

/** One host's part. `reason`: why it could not be asked; then the lists are empty. */
export interface HostGpusReport {
  readonly host: string;
  readonly nodeId?: string;
  readonly name?: string;
  readonly reason?: string;
  readonly missing: readonly MissingForGpu[];
  readonly gpus: readonly GpuReport[];
  readonly partitions: readonly PartitionReport[];
}

/** The whole report, as --json prints it. */
export interface GpusReport {
  readonly version: 1;
  readonly hosts: readonly HostGpusReport[];
}

/** What one host was asked, and what came of it: its inventory, or why there is none. */
export interface AskedHost {
  readonly survey: HostSurvey;
  readonly inventory?: GpuInventory;
  readonly reason?: string;
}

/** The report, in the order in which the hosts were asked. */
export function reportGpus(asked: readonly AskedHost[]): GpusReport {
  return { version: 1, hosts: asked.map(reportHost) };
}

function reportHost({ survey, inventory, reason }: AskedHost): HostGpusReport {
  const why = survey.answers ? reason : survey.reason;
  return {
    host: survey.label,
    ...(survey.answers ? { nodeId: survey.node.identity.nodeId, name: survey.node.name } : {}),
    ...(!survey.answers && survey.name !== undefined ? { name: survey.name } : {}),
    ...(why === undefined ? {} : { reason: why }),
    missing: inventory?.missing ?? [],
    gpus: inventory?.gpus ?? [],
    partitions: inventory?.partitions ?? [],
  };
}
