// Declared values -> the VM as the host is told of it: quantities as numbers, files as content hashes. Takes checked
// inputs in which nothing is unknown.

import type { Quantity } from "../../../schema/field";
import type { VMInputs } from "../../../schema/generated/declared";
import {
  type DiskSpec,
  type GpuReference,
  type IngressRule,
  type MigrationSpec,
  migrationDefaults,
  type NicSpec,
  restartDefault,
  type VmSpec,
} from "../vm-spec";
import { parseQuantity } from "./parse-quantity";

const defaultDowntimeLimitMs = 30;

/** The spec. `contents` gives the SHA-256 of each file by field path: `boot.kernel`, `boot.initrd`, `disks.NAME.image`. */
export function specOfVm(inputs: VMInputs, contents: Readonly<Record<string, string>>): VmSpec {
  const { boot } = inputs;
  const initrd = contents["boot.initrd"];
  return {
    name: inputs.name,
    vcpus: inputs.vcpus,
    memoryBytes: valueOf(inputs.memory, "bytes"),
    cpu: inputs.cpu,
    ...(boot === undefined
      ? {}
      : {
          boot: {
            kernel: contents["boot.kernel"] ?? "",
            cmdline: boot.cmdline,
            ...(initrd === undefined ? {} : { initrd }),
          },
        }),
    disks: inputs.disks.map((disk) => diskOf(disk, contents[diskContentKey(disk.name)])),
    nics: inputs.nics.map(nicOf),
    ...(inputs.gpus.length === 0 ? {} : { gpus: gpuReferencesOf(inputs.gpus) }),
    migration: migrationOf(inputs.migration),
    powerState: inputs.powerState,
    ...(inputs.restart === restartDefault ? {} : { restart: inputs.restart }),
  };
}

/** The GPU partitions as the host is told of them. */
export function gpuReferencesOf(gpus: VMInputs["gpus"]): GpuReference[] {
  return gpus.map(({ id, node }) => ({ partitionId: id, nodeId: node }));
}

/** The key of a disk's image among the contents: by name, so that it survives a changed order. */
export function diskContentKey(diskName: string): string {
  return `disks.${diskName}.image`;
}

function diskOf(disk: VMInputs["disks"][number], image: string | undefined): DiskSpec {
  return { name: disk.name, sizeBytes: valueOf(disk.size, "bytes"), ...(image === undefined ? {} : { image }) };
}

function nicOf(nic: VMInputs["nics"][number]): NicSpec {
  if (nic.bridge !== undefined)
    return { kind: "bridge", bridge: nic.bridge, ...(nic.vlan === undefined ? {} : { vlan: nic.vlan }) };
  const { address, ingress = [] } = nic.mesh ?? {};
  return { kind: "mesh", ...(address === undefined ? {} : { address }), ingress: ingress.map(ruleOf) };
}

function ruleOf(rule: { from: string; protocol: IngressRule["protocol"]; ports?: string }): IngressRule {
  if (rule.ports === undefined) return { from: rule.from, protocol: rule.protocol };
  const [firstPort = 0, lastPort = firstPort] = rule.ports.split("-").map(Number);
  return { from: rule.from, protocol: rule.protocol, firstPort, lastPort };
}

/** How it is to move, as declared. What is the default is left out: an agent of the version before knows no such field. */
export function migrationOf(migration: VMInputs["migration"]): MigrationSpec {
  if (migration === undefined) return { downtimeLimitMs: defaultDowntimeLimitMs };
  const { maxBandwidth } = migration;
  const declared = {
    mode: migration.mode,
    transport: migration.transport,
    deadlineMs: valueOf(migration.deadline, "duration"),
    onDeadline: migration.onDeadline,
    stallTimeoutMs: valueOf(migration.stallTimeout, "duration"),
    shutdownTimeoutMs: valueOf(migration.shutdownTimeout, "duration"),
  };
  const defaults: Readonly<Record<string, unknown>> = migrationDefaults;
  return {
    downtimeLimitMs: valueOf(migration.downtimeLimit, "duration"),
    ...(maxBandwidth === undefined
      ? {}
      : { maxBandwidthBytesPerSecond: Math.floor(valueOf(maxBandwidth, "rate") / 8) }),
    ...Object.fromEntries(Object.entries(declared).filter(([name, value]) => value !== defaults[name])),
  };
}

/** Checked before: a text that cannot be read is a defect. */
function valueOf(text: string, quantity: Quantity): number {
  const parsed = parseQuantity(text, quantity);
  if (!parsed.ok) throw new RangeError(parsed.message);
  return parsed.value;
}
