// Which changes of a spec a running guest can only see after a restart. The same classes stand in the schema.

import type { NicSpec, VmSpec } from "../../model/vm-spec";

/** True where the running QEMU differs from what the new spec asks for. */
export function needsRestart(before: VmSpec, after: VmSpec): boolean {
  return JSON.stringify(hardware(before)) !== JSON.stringify(hardware(after));
}

/** What QEMU's command line is made from; an image means nothing once the disk exists. */
function hardware(spec: VmSpec): unknown {
  const { vcpus, memoryBytes, cpu, boot } = spec;
  return {
    vcpus,
    memoryBytes,
    cpu,
    boot,
    disks: spec.disks.map(({ name, sizeBytes }) => ({ name, sizeBytes })),
    nics: spec.nics.map(nicHardware),
  };
}

function nicHardware(nic: NicSpec): unknown {
  return nic.kind === "mesh" ? { kind: nic.kind, address: nic.address } : nic;
}
