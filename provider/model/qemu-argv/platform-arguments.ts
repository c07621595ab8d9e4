// Fragment: what every machine has beside disks and NICs: root ports to plug into, randomness, and a device by which a
// guest says that it panicked.

import { rootBusAddress, rootPorts } from "./pci-layout";
import type { QemuLaunch } from "./qemu-launch";

/** Root ports first: devices name them. */
export function platformArguments(launch: QemuLaunch): readonly string[] {
  const ports = [
    ...rootPorts("disk", launch.disks.length, "pages"),
    ...rootPorts("nic", launch.nics.length, launch.nicPorts ?? "pages"),
    ...rootPorts("gpu", launch.gpuPorts ?? 0, "each"),
  ];
  return [
    ...ports.flatMap((port) => ["-device", JSON.stringify(port)]),
    ...["-object", JSON.stringify({ "qom-type": "rng-builtin", id: "rng-0" })],
    "-device",
    JSON.stringify({
      driver: "virtio-rng-pci",
      id: "entropy",
      bus: "pcie.0",
      addr: rootBusAddress.rng,
      rng: "rng-0",
      "disable-legacy": "on",
    }),
    "-device",
    JSON.stringify({ driver: "pvpanic-pci", id: "panic", bus: "pcie.0", addr: rootBusAddress.panic }),
  ];
}
