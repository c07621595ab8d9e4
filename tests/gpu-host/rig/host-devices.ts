// Devices that an emulated host can have, as QEMU's arguments. All JSON: no path is ever read as an option. Each kind sits
// behind a root port of its own, for that is what makes an IOMMU group.

/** Kinds of devices. `igb` needs QEMU 8 or newer. */
export type HostDevice =
  | "boot-display"
  | "sriov-nvme"
  | "display"
  | "gpu-with-audio"
  | "virtio-gpu"
  | "ati-gpu"
  | "igb"
  | "display-beside-another";

/** All of them. */
export const allDevices: readonly HostDevice[] = [
  "boot-display",
  "sriov-nvme",
  "display",
  "gpu-with-audio",
  "virtio-gpu",
  "ati-gpu",
  "igb",
  "display-beside-another",
];

/** An argument of QEMU and its JSON value. */
type Argument = readonly [option: "-device" | "-blockdev" | "-netdev", value: Readonly<Record<string, unknown>>];

/** File, in the folder that QEMU runs in, that the NVMe device's namespace is read from. */
export const namespaceFile = "namespace.img";

/** How many virtual functions the NVMe device offers. */
export const nvmeFunctions = 4;

// QEMU wants two flexible queues and one flexible interrupt a function, and queues and vectors for all of them.
const nvmeResources = {
  sriov_max_vfs: nvmeFunctions,
  sriov_vq_flexible: 2 * nvmeFunctions,
  sriov_vi_flexible: nvmeFunctions,
  max_ioqpairs: 18,
  msix_qsize: 20,
};

const builders: Readonly<Record<HostDevice, (bus: string) => readonly Argument[]>> = {
  "boot-display": () => [["-device", { driver: "VGA", id: "boot-display", bus: "pcie.0", addr: "0x2" }]],
  "sriov-nvme": (bus) => [
    ["-device", { driver: "nvme-subsys", id: "subsystem" }],
    ["-device", { driver: "nvme", id: "sriov-nvme", serial: "gpu-host", subsys: "subsystem", bus, ...nvmeResources }],
    ["-blockdev", { driver: "file", "node-name": "namespace", filename: namespaceFile }],
    ["-device", { driver: "nvme-ns", drive: "namespace", bus: "sriov-nvme", nsid: 1, shared: true }],
  ],
  display: (bus) => [["-device", { driver: "bochs-display", id: "display", bus }]],
  "gpu-with-audio": (bus) => [
    ["-device", { driver: "VGA", id: "gpu", bus, addr: "0x0.0x0", multifunction: true }],
    ["-device", { driver: "ich9-intel-hda", id: "gpu-audio", bus, addr: "0x0.0x1" }],
  ],
  "virtio-gpu": (bus) => [["-device", { driver: "virtio-vga", id: "virtio-gpu", bus }]],
  "ati-gpu": (bus) => [["-device", { driver: "ati-vga", id: "ati-gpu", bus }]],
  igb: (bus) => [
    ["-netdev", { type: "user", id: "igb-net", restrict: true }],
    ["-device", { driver: "igb", id: "igb", bus, netdev: "igb-net" }],
  ],
  // A bridge to the older bus makes one group of all that is behind it, and none of that can be reset alone.
  "display-beside-another": (bus) => [
    ["-device", { driver: "pcie-pci-bridge", id: "older-bus", bus }],
    ["-device", { driver: "bochs-display", id: "shared-display", bus: "older-bus", addr: "0x1" }],
    ["-device", { driver: "pci-testdev", id: "beside", bus: "older-bus", addr: "0x2" }],
  ],
};

/** Slot of the first root port on the root bus; below it are the boot display and what the machine itself has. */
const firstPortSlot = 0x10;

/** QEMU's arguments for the devices, with the ports that they need. */
export function deviceArguments(devices: readonly HostDevice[]): string[] {
  return allDevices.flatMap((device, index) => {
    if (!devices.includes(device)) return [];
    const bus = `port-${device}`;
    const addr = `0x${(firstPortSlot + index).toString(16)}`;
    const port: Argument = [
      "-device",
      { driver: "pcie-root-port", id: bus, bus: "pcie.0", addr, chassis: index + 1, slot: index + 1 },
    ];
    const own = builders[device](bus);
    return (device === "boot-display" ? own : [port, ...own]).flatMap(([option, value]) => [
      option,
      JSON.stringify(value),
    ]);
  });
}
