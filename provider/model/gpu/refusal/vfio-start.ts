// Why QEMU did not start with a passed device, from the words that it ends with (QEMU 7.2 and 10.0, hw/vfio/). The first
// line that is understood decides; nothing of it is spliced into an order.

import type { Refusal } from "./gpu-trouble";

interface Shape {
  readonly pattern: RegExp;
  readonly refuse: (found: readonly string[]) => Refusal;
}

/** QEMU 7.2: failed to open /dev/vfio/16: …; QEMU 10.0: Could not open '/dev/vfio/16': … */
const nodeRefused = (words: string): RegExp =>
  new RegExp(`(?:failed to|Could not) open '?/dev/vfio/(\\w+)'?: ${words}`);

const shapes: readonly Shape[] = [
  {
    pattern: /vfio ([0-9a-f:.]+): group (\d+) is not viable/,
    refuse: ([, device, group]) => ({
      trouble: "group-shared",
      message: `IOMMU group ${group} of ${device} has a function that a driver of the host holds`,
    }),
  },
  {
    pattern: /no iommu_group found/,
    refuse: () => ({ trouble: "no-iommu", message: "the device is in no IOMMU group" }),
  },
  {
    pattern: nodeRefused("Device or resource busy"),
    refuse: ([, node]) => ({ trouble: "held-by-process", message: `/dev/vfio/${node} is held by another program` }),
  },
  {
    pattern: nodeRefused("No such file or directory"),
    refuse: ([, node]) => ({
      trouble: "bind-refused",
      message: `no function of IOMMU group ${node} is on vfio-pci any more`,
    }),
  },
  {
    pattern: nodeRefused("Permission denied"),
    refuse: ([, node]) => ({ trouble: "kernel-refused", message: `the VM's user may not open /dev/vfio/${node}` }),
  },
  {
    pattern: /Failed to set iommu for container: Operation not permitted/i,
    refuse: () => ({ trouble: "no-interrupt-remapping", message: "the host remaps no interrupts" }),
  },
  {
    pattern: /dma_map\([^)]*\) = -12 \((?:VFIO_MAP_DMA failed: )?Cannot allocate memory/,
    refuse: () => ({
      trouble: "memlock-too-low",
      message: "the VM's user may not lock as much memory as the guest has",
    }),
  },
  {
    pattern: /error getting device from group (\S+): No such device/,
    refuse: ([, group]) => ({ trouble: "profile-missing", message: `the VF of IOMMU group ${group} has no type` }),
  },
  {
    pattern: /no such host device: No such file or directory/,
    refuse: () => ({ trouble: "device-absent", message: "the device is gone from the host" }),
  },
];

/** The refusal, or undefined where the text tells of nothing that has to do with a passed device. */
export function explainVfioStart(stderr: string): Refusal | undefined {
  for (const line of stderr.split("\n"))
    for (const { pattern, refuse } of shapes) {
      const found = pattern.exec(line);
      if (found !== null) return refuse(found);
    }
  return undefined;
}
