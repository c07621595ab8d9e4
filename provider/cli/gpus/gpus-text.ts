// The report of `leea gpus` for people: a table of GPUs, a table of partitions, and under them what stands in the way, with
// how we know and what to do. Pure.

import type { GpuReport, GpuWay } from "../../model/gpu/plan/describe-gpus";
import type { PartitionReport } from "../../protocol/gpu";
import { formatBytes } from "../text/figures";
import type { Paint } from "../text/paint";
import { type Cell, formatTable } from "../text/table";
import type { GpusReport, HostGpusReport } from "./gpus-report";

/** Lines of the report. */
export function formatGpus({ hosts }: GpusReport, paint: Paint): string[] {
  const gpus = hosts.flatMap((host) => host.gpus.map((gpu) => gpuRow(host, gpu, paint)));
  const partitions = hosts.flatMap((host) => host.partitions.map((each) => partitionRow(host, each, paint)));
  const header = ["HOST", "ADDRESS", "GPU", "KIND", "DRIVER", "GROUP", "VFS", "LARGEST BAR", "TO BE HAD AS", "USED BY"];
  return [
    ...(gpus.length === 0 ? [paint.dim("No GPUs.")] : formatTable(header, gpus, paint.dim)),
    ...(partitions.length === 0
      ? []
      : ["", ...formatTable(["PARTITION", "STATE", "HOST", "MODE", "PART", "OF", "VM"], partitions, paint.dim)]),
    ...withGap(hosts.flatMap((host) => noteLines(host, paint))),
  ];
}

function gpuRow(host: HostGpusReport, gpu: GpuReport, paint: Paint): Cell[] {
  const open = gpu.ways.filter(({ against }) => against.length === 0).map(({ mode }) => mode);
  const largest = Math.max(0, ...gpu.bars.map(({ sizeBytes }) => sizeBytes));
  const isUsed = gpu.hostUse.length > 0;
  return [
    { text: nameOf(host), paint: paint.bold },
    { text: gpu.address },
    { text: `${gpu.vendor} ${gpu.model}` },
    { text: gpu.kind },
    { text: gpu.driver ?? "-" },
    { text: gpu.iommuGroup ?? "none", ...(gpu.iommuGroup === undefined ? { paint: paint.warn } : {}) },
    { text: gpu.totalVfs === 0 ? "" : `${gpu.usedVfs} of ${gpu.totalVfs}` },
    { text: largest === 0 ? "" : formatBytes(largest) },
    { text: open.join(", ") || "-", paint: open.length === 0 ? paint.dim : paint.good },
    { text: isUsed ? "the host" : gpu.claims.join(", ") },
  ];
}

function partitionRow(host: HostGpusReport, partition: PartitionReport, paint: Paint): Cell[] {
  const part = partition.mdevUuid ?? (partition.functions.join(" ") || partition.device);
  const profile = partition.profile === undefined ? "" : ` ${partition.profile}`;
  return [
    { text: partition.spec.name, paint: paint.bold },
    { text: partition.state, paint: partition.state === "ready" ? paint.good : paint.warn },
    { text: nameOf(host) },
    { text: `${partition.mode}${profile}` },
    { text: part },
    { text: partition.owner },
    { text: holderText(partition), ...(partition.holderIsGone === true ? { paint: paint.warn } : {}) },
  ];
}

function holderText({ holder, holderIsGone }: PartitionReport): string {
  return holder === undefined ? "" : `${holder.id}${holderIsGone === true ? " (gone)" : ""}`;
}

/** What a VM that is gone still has: told, and taken only by the order that is named. */
function goneLines({ partitionId, spec, holder, holderIsGone }: PartitionReport, host: string, paint: Paint): string[] {
  if (holderIsGone !== true) return [];
  return [
    `${paint.warn("gone   ")}  ${host}: ${spec.name} is given to VM ${holder?.id ?? ""}, which the host knows no more`,
    paint.dim(`         next: leea gpus --release ${partitionId}`),
  ];
}

function noteLines(host: HostGpusReport, paint: Paint): string[] {
  const name = paint.bold(nameOf(host));
  return [
    ...(host.reason === undefined ? [] : [`${paint.bad("error  ")}  ${name}: ${host.reason}`]),
    ...host.missing.flatMap(({ what, mend }) => [
      `${paint.warn("missing")}  ${name}: ${what}`,
      paint.dim(`         next: ${mend}`),
    ]),
    ...host.partitions.flatMap((partition) => goneLines(partition, name, paint)),
    ...host.gpus.flatMap((gpu) => gpuNotes(gpu, host, paint)),
  ];
}

/** Why it cannot be had one way or another; what the whole host lacks is told once, above. */
function gpuNotes(gpu: GpuReport, host: HostGpusReport, paint: Paint): string[] {
  if (gpu.claims.length > 0) return [];
  const known = host.missing.map(({ what }) => what);
  const isOwn = (reason: string): boolean => !known.some((what) => reason.startsWith(what));
  const told = (way: GpuWay): string[] =>
    way.against.filter(isOwn).map((reason) => `${paint.bold(nameOf(host))}: not ${way.mode}: ${reason}`);
  return [...gpu.ways.flatMap(told), ...profileLines(gpu, host, paint)];
}

function profileLines(gpu: GpuReport, host: HostGpusReport, paint: Paint): string[] {
  const quotas =
    gpu.quotas.length === 0
      ? []
      : [paint.dim(`${nameOf(host)}: quotas of VFs of ${gpu.address}: ${gpu.quotas.join(", ")}`)];
  if (gpu.profiles.length === 0) return quotas;
  const types = gpu.profiles.map(({ name, memoryBytes, available }) => {
    const size = memoryBytes === undefined ? "" : ` ${formatBytes(memoryBytes)}`;
    return `${name}${size}${available === undefined ? "" : ` (${available} free)`}`;
  });
  return [paint.dim(`${nameOf(host)}: types of ${gpu.address}: ${types.join(", ")}`)];
}

function withGap(lines: readonly string[]): readonly string[] {
  return lines.length === 0 ? [] : ["", ...lines];
}

function nameOf({ name, host }: HostGpusReport): string {
  return name ?? host;
}
