// Fragment: the machine itself, and the walls around the process. These options take no JSON; every value is a number
// or was checked by `checkLaunch`.

import type { QemuLaunch } from "./qemu-launch";
import { vmUuid } from "./vm-uuid";

// No spawn, no way to more privileges, no obsolete calls, no change of scheduling (qemu(1), -sandbox).
const sandbox = "on,obsolete=deny,elevateprivileges=deny,spawn=deny,resourcecontrol=deny";

// QEMU's own default for translated code grows to a GiB a VM.
const accelerators = { kvm: "kvm", tcg: "tcg,thread=multi,tb-size=256" } as const;

/** Machine, processor, memory and identity. The guest stands still until `cont` (-S). */
export function machineArguments(launch: QemuLaunch): readonly string[] {
  return [
    "-name",
    `guest=leea-${launch.vmId},debug-threads=on`,
    ...["-uuid", vmUuid(launch.vmId)],
    ...["-no-user-config", "-nodefaults", "-display", "none", "-S"],
    // A guest that powers off or panics leaves its QEMU standing: told from a crash, also while no agent looks.
    ...["-action", "shutdown=pause"],
    ...["-sandbox", sandbox, "-msg", "timestamp=on"],
    ...["-machine", `${launch.machine},memory-backend=mem0,vmport=off,dump-guest-core=off`],
    ...["-accel", accelerators[launch.accelerator]],
    ...["-cpu", launch.cpuModel],
    ...["-smp", `cpus=${launch.vcpus}`],
    ...["-m", `${launch.memoryBytes}B`],
    ...["-object", JSON.stringify({ "qom-type": "memory-backend-ram", id: "mem0", size: launch.memoryBytes })],
    ...(launch.incoming ? ["-incoming", "defer"] : []),
  ];
}
