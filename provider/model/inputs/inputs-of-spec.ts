// The VM as its host keeps it -> what declares it: the other way round than vm-spec-of.ts, for a VM that was found without
// a state. Paths of files are not kept by hosts; their contents stand in their place.

import type { VMInputs } from "../../../schema/generated/declared";
import {
  type DiskSpec,
  type IngressRule,
  migrationDefaults,
  type NicSpec,
  restartDefault,
  type VmSpec,
} from "../vm-spec";
import { contentName } from "./content-name";
import { formatQuantity } from "./parse-quantity";
import { diskContentKey, migrationOf } from "./vm-spec-of";

/** The fields of VMInputs that a spec tells. */
export type SpecInputs = Omit<VMInputs, "owner" | "logicalName" | "node" | "nodeConnection">;

/** The inputs, every default written out. */
export function inputsOfSpec(spec: VmSpec): SpecInputs {
  const { boot } = spec;
  return {
    name: spec.name,
    vcpus: spec.vcpus,
    memory: formatQuantity(spec.memoryBytes, "bytes"),
    cpu: spec.cpu,
    ...(boot === undefined ? {} : { boot: bootOf(boot) }),
    disks: spec.disks.map(diskOf),
    nics: spec.nics.map(nicOf),
    gpus: (spec.gpus ?? []).map(({ partitionId, nodeId }) => ({ id: partitionId, node: nodeId })),
    ...migrationOfSpec(spec),
    restart: spec.restart ?? restartDefault,
    powerState: spec.powerState,
    allowDataLoss: false,
  };
}

/** SHA-256 of each file that it was made from, by field path, as vm-spec-of.ts takes them. */
export function contentsOfSpec({ boot, disks }: VmSpec): Record<string, string> {
  return {
    ...(boot === undefined ? {} : { "boot.kernel": boot.kernel }),
    ...(boot?.initrd === undefined ? {} : { "boot.initrd": boot.initrd }),
    ...Object.fromEntries(
      disks.flatMap(({ name, image }) => (image === undefined ? [] : [[diskContentKey(name), image]])),
    ),
  };
}

function bootOf({ kernel, initrd, cmdline }: NonNullable<VmSpec["boot"]>): NonNullable<VMInputs["boot"]> {
  return {
    kernel: contentName(kernel),
    ...(initrd === undefined ? {} : { initrd: contentName(initrd) }),
    cmdline,
  };
}

function diskOf({ name, sizeBytes, image }: DiskSpec): VMInputs["disks"][number] {
  const size = formatQuantity(sizeBytes, "bytes");
  return { name, size, ...(image === undefined ? {} : { image: contentName(image) }) };
}

function nicOf(nic: NicSpec): VMInputs["nics"][number] {
  if (nic.kind === "bridge") return { bridge: nic.bridge, ...(nic.vlan === undefined ? {} : { vlan: nic.vlan }) };
  const { address, ingress } = nic;
  return { mesh: { ...(address === undefined ? {} : { address }), ingress: ingress.map(ruleOf) } };
}

function ruleOf({ from, protocol, firstPort, lastPort }: IngressRule): {
  from: string;
  protocol: IngressRule["protocol"];
  ports?: string;
} {
  if (firstPort === undefined) return { from, protocol };
  return {
    from,
    protocol,
    ports: lastPort === undefined || lastPort === firstPort ? `${firstPort}` : `${firstPort}-${lastPort}`,
  };
}

/** None where it is what a VM has that declares none. */
function migrationOfSpec({ migration }: VmSpec): { readonly migration?: NonNullable<VMInputs["migration"]> } {
  if (JSON.stringify(migration) === JSON.stringify(migrationOf(undefined))) return {};
  const { downtimeLimitMs, maxBandwidthBytesPerSecond, ...declared } = migration;
  const { mode, transport, deadlineMs, onDeadline, stallTimeoutMs, shutdownTimeoutMs } = {
    ...migrationDefaults,
    ...declared,
  };
  return {
    migration: {
      mode,
      downtimeLimit: formatQuantity(downtimeLimitMs, "duration"),
      ...(maxBandwidthBytesPerSecond === undefined
        ? {}
        : { maxBandwidth: formatQuantity(maxBandwidthBytesPerSecond * 8, "rate") }),
      transport,
      deadline: formatQuantity(deadlineMs, "duration"),
      onDeadline,
      stallTimeout: formatQuantity(stallTimeoutMs, "duration"),
      shutdownTimeout: formatQuantity(shutdownTimeoutMs, "duration"),
    },
  };
}
