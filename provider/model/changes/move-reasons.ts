// Why a VM cannot move from one host to another: every reason at once, from what both hosts say. An empty list is the
// permission to try. Decides, touches nothing.

import { formatQuantity } from "../inputs/parse-quantity";

/** What the VM needs and how it runs, as its source says. */
export interface MoveSource {
  readonly nodeId: string;
  readonly state: string;
  readonly accelerator: "kvm" | "tcg";
  readonly machine: string;
  readonly cpuModel: string;
  readonly qemuVersion: string;
  readonly vcpus: number;
  readonly memoryBytes: number;
  readonly diskBytes: number;
  readonly meshId?: string | undefined;
  readonly blockers: readonly string[];
}

/** What the destination has, as it says. */
export interface MoveDestination {
  readonly nodeId: string;
  readonly reachableInMesh: boolean;
  readonly meshId?: string | undefined;
  readonly qemuVersion?: string | undefined;
  readonly machines: readonly string[];
  readonly accelerators: readonly string[];
  readonly availableMemoryBytes: number;
  readonly cpus: number;
  readonly storageFreeBytes: number;
  readonly missingBridges: readonly string[];
  readonly cpuVendor?: string | undefined;
  readonly holds?: string | undefined;
}

/** Oldest QEMU whose live move under TCG keeps a busy guest's memory whole. */
const oldestSoundTcgMajor = 9;

/** Every reason against the live move, as sentences without a full stop. */
export function findMoveReasons(source: MoveSource, destination: MoveDestination): string[] {
  return [
    ...runReasons(source),
    ...placeReasons(source, destination),
    ...meshReasons(source, destination),
    ...qemuReasons(source, destination),
    ...liveReasons(source, destination),
    ...roomReasons(source, destination),
    ...source.blockers,
    ...bridgeReasons(destination),
  ];
}

/** Every reason against a move of a VM that does not run meanwhile: its guest starts anew, so less must be equal. */
export function findColdReasons(
  source: MoveSource & { readonly coldBlockers: readonly string[] },
  destination: MoveDestination,
): string[] {
  return [
    ...placeReasons(source, destination),
    ...meshReasons(source, destination),
    ...qemuReasons(source, destination),
    ...roomReasons(source, destination),
    ...source.coldBlockers,
    ...bridgeReasons(destination),
  ];
}

/** Why it can move where no reason speaks against it, in one line. */
export function describeMoveGrounds(source: MoveSource, destination: MoveDestination): string {
  const needs = [
    `${size(source.memoryBytes)} of memory`,
    ...(source.diskBytes === 0 ? [] : [`${size(source.diskBytes)} of disk`]),
  ];
  return [
    `${destination.nodeId} is reached in the mesh`,
    `its QEMU ${destination.qemuVersion ?? ""} knows the machine type ${source.machine} and runs ${source.accelerator}`,
    `it has room for ${needs.join(" and ")}`,
  ].join(", ");
}

function runReasons(source: MoveSource): string[] {
  if (source.state === "running") return [];
  return [`it is ${source.state}, and only a running VM can move live; start it first (powerState: "running")`];
}

function placeReasons(source: MoveSource, destination: MoveDestination): string[] {
  const reasons: string[] = [];
  if (source.nodeId === destination.nodeId) reasons.push(`it is on ${source.nodeId} already`);
  if (destination.holds !== undefined) reasons.push(`${destination.nodeId} holds a record of it: ${destination.holds}`);
  return reasons;
}

function meshReasons(source: MoveSource, destination: MoveDestination): string[] {
  if (destination.meshId === undefined)
    return [`${destination.nodeId} is in no mesh; declare it as a MeshNode with a peer`];
  if (source.meshId !== undefined && source.meshId !== destination.meshId)
    return [`${destination.nodeId} is in another mesh than ${source.nodeId}`];
  return destination.reachableInMesh
    ? []
    : [`${destination.nodeId} cannot be reached from ${source.nodeId} inside the mesh`];
}

function qemuReasons(source: MoveSource, destination: MoveDestination): string[] {
  if (destination.qemuVersion === undefined) return [`${destination.nodeId} has no QEMU`];
  const reasons: string[] = [];
  if (!destination.machines.includes(source.machine)) {
    reasons.push(
      `QEMU ${destination.qemuVersion} on ${destination.nodeId} does not know its machine type ${source.machine}, which QEMU ${source.qemuVersion} gave it`,
    );
  }
  if (!destination.accelerators.includes(source.accelerator)) {
    reasons.push(
      `it runs with ${source.accelerator}, and ${destination.nodeId} has ${destination.accelerators.join(" and ") || "no accelerator"}`,
    );
  }
  return reasons;
}

function bridgeReasons(destination: MoveDestination): string[] {
  return destination.missingBridges.map((bridge) => `${destination.nodeId} has no bridge "${bridge}"`);
}

/** What only a guest that goes on running minds. */
function liveReasons(source: MoveSource, destination: MoveDestination): string[] {
  const { nodeId, qemuVersion } = destination;
  const cpu = /^host\b/.test(source.cpuModel)
    ? [
        `it has every CPU feature of ${source.nodeId} (cpu: "host"), which another host need not have; cpu: "portable" can move`,
      ]
    : [];
  return [
    ...cpu,
    ...makeReasons(source, destination),
    ...(qemuVersion === undefined ? [] : tcgReasons(source, { nodeId, qemuVersion })),
  ];
}

/** A guest under KVM sees the make of the host's processors, whatever model it has. */
function makeReasons(source: MoveSource, { nodeId, cpuVendor }: MoveDestination): string[] {
  const vendor = /(?:^|,)vendor=([A-Za-z]+)/.exec(source.cpuModel)?.[1];
  if (vendor === undefined || cpuVendor === undefined || cpuVendor === vendor) return [];
  return [
    `its guest runs on processors of make ${vendor}, and ${nodeId} has ${cpuVendor}: a running guest cannot change the make`,
  ];
}

/** QEMU before 9 loses memory of a busy guest when it moves under TCG, and reports success. */
function tcgReasons(source: MoveSource, destination: { nodeId: string; qemuVersion: string }): string[] {
  if (source.accelerator !== "tcg") return [];
  const hosts = [source, destination].filter(
    ({ qemuVersion }) => Number.parseInt(qemuVersion, 10) < oldestSoundTcgMajor,
  );
  return hosts.map(
    ({ nodeId, qemuVersion }) =>
      `QEMU ${qemuVersion} on ${nodeId} damages a busy guest's memory when it moves under tcg; QEMU ${oldestSoundTcgMajor} or newer does not`,
  );
}

function roomReasons(source: MoveSource, destination: MoveDestination): string[] {
  const reasons: string[] = [];
  if (destination.availableMemoryBytes < source.memoryBytes) {
    reasons.push(
      `it has ${size(source.memoryBytes)} of memory, and ${destination.nodeId} has ${size(destination.availableMemoryBytes)} free`,
    );
  }
  if (destination.storageFreeBytes < source.diskBytes) {
    reasons.push(
      `its disks need ${size(source.diskBytes)}, and ${destination.nodeId} has ${size(destination.storageFreeBytes)} free`,
    );
  }
  if (source.accelerator === "kvm" && destination.cpus < source.vcpus) {
    reasons.push(
      `it has ${source.vcpus} virtual processors, and ${destination.nodeId} has ${destination.cpus} processors`,
    );
  }
  return reasons;
}

/** Rounded down to whole MiB, as free room is never exact. */
function size(bytes: number): string {
  const mebibyteBytes = 1024 ** 2;
  return bytes < mebibyteBytes
    ? formatQuantity(bytes, "bytes")
    : formatQuantity(Math.floor(bytes / mebibyteBytes) * mebibyteBytes, "bytes");
}
