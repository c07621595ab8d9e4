// The devices of GPU partitions, as QEMU takes them on its command line and while it runs. Each partition sits behind a root
// port of its own, so that it can be ejected for a move: the root bus takes no plugging.

import { rootPortId } from "../../qemu-argv/pci-layout";
import type { LaunchGpu, QemuLaunch } from "../../qemu-argv/qemu-launch";

/** Properties of one vfio-pci device. Source: QEMU, hw/vfio/pci.c. */
export interface GpuDevice {
  readonly driver: "vfio-pci";
  readonly id: string;
  readonly bus: string;
  readonly addr: string;
  readonly host?: string;
  readonly sysfsdev?: string;
  readonly display?: "off";
  readonly multifunction?: true;
}

/** The partitions, in order; the functions of one card are one multi-function device, as the guest's driver expects. */
export function gpuArguments({ gpus = [] }: QemuLaunch): readonly string[] {
  return gpus.flatMap((gpu) => gpuDevices(gpu).flatMap((device) => ["-device", JSON.stringify(device)]));
}

/** One partition's devices, function by function. A guest that runs sees them when the first is plugged: plug that last. */
export function gpuDevices(gpu: LaunchGpu): readonly GpuDevice[] {
  const bus = rootPortId("gpu", gpu.port);
  if ("mdevUuid" in gpu) {
    const sysfsdev = `/sys/bus/mdev/devices/${gpu.mdevUuid}`;
    // A mediated device may draw a display of its own, for which this QEMU has no screen.
    return [{ driver: "vfio-pci", id: gpuDeviceId(gpu.partitionId), bus, addr: "0x0", sysfsdev, display: "off" }];
  }
  return gpu.functions.map((host, func) => ({
    driver: "vfio-pci",
    id: func === 0 ? gpuDeviceId(gpu.partitionId) : `${gpuDeviceId(gpu.partitionId)}-${func}`,
    bus,
    addr: `0x0.0x${func}`,
    host,
    ...(func === 0 && gpu.functions.length > 1 ? { multifunction: true } : {}),
  }));
}

/** QEMU's id of the partition's first function: to eject that takes the others along. */
export function gpuDeviceId(partitionId: string): string {
  return `gpu-${partitionId}`;
}

/** The partition that a device id names; undefined for another device, or another function than the first. */
export function partitionOfDevice(deviceId: string): string | undefined {
  return /^gpu-([a-z2-7]{26})$/.exec(deviceId)?.[1];
}
