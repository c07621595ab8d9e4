// Which changes of a spec a running guest can only see after a restart. The same classes stand in the schema.

import type { VmRecord } from "../../model/ownership";
import type { NicSpec, VmSpec } from "../../model/vm-spec";

/** Why a VM whose last change was interrupted cannot move: both hosts would build different machines. */
export const restartFirst =
  "a change of its hardware still waits for a restart: run `pulumi up` with the old node first";

/** True while QEMU runs something else than what the record says. */
export function waitsForRestart(record: VmRecord): boolean {
  return record.launched !== undefined && needsRestart(record.launched, record.spec);
}

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
