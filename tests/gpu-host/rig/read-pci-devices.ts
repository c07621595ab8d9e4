// What sysfs of an emulated host says of its PCI devices, read by the test itself: the measure for what leea reports. Two
// programs read all of it: under software emulation the start of a program is what takes time.

import type { GpuHost } from "./gpu-host";

/** A device as /sys/bus/pci/devices shows it. Absent: there is no such file or link. */
export interface SysfsDevice {
  /** Such as `0000:01:00.0`. */
  readonly address: string;
  /** Vendor and device in hex, such as `1b36:0010`. */
  readonly ids: string;
  /** Class, subclass and interface in hex, such as `030000`. */
  readonly classCode: string;
  readonly driver?: string;
  readonly iommuGroup?: string;
  readonly isBootDisplay?: boolean;
  /** How many virtual functions it offers. */
  readonly totalFunctions?: number;
  /** Address of the physical function that a virtual one belongs to. */
  readonly physicalFunction?: string;
}

const script = String.raw`
cd /sys/bus/pci/devices
grep -sH '' */vendor */device */class */boot_vga */sriov_totalvfs || :
find */ -maxdepth 1 \( -name driver -o -name iommu_group -o -name physfn \) -printf '%p:%l\n'
`;

/** All devices of the host, by address. */
export async function readPciDevices(host: Pick<GpuHost, "run">): Promise<SysfsDevice[]> {
  const devices = new Map<string, Map<string, string>>();
  for (const line of (await host.run(script)).split("\n")) {
    const [, address = "", file = "", text = ""] = /^([0-9a-f:.]+)\/+(\w+):(.*)$/.exec(line) ?? [];
    if (address === "") continue;
    const files = devices.get(address) ?? new Map<string, string>();
    devices.set(address, files.set(file, text));
  }
  return [...devices.keys()].sort().map((address) => deviceOf(address, devices.get(address) ?? new Map()));
}

function deviceOf(address: string, files: ReadonlyMap<string, string>): SysfsDevice {
  const hex = (file: string) => (files.get(file) ?? "").replace(/^0x/, "");
  const [driver, iommuGroup, physicalFunction] = ["driver", "iommu_group", "physfn"].map((link) =>
    files.get(link)?.split("/").at(-1),
  );
  const [bootVga, total] = [files.get("boot_vga"), files.get("sriov_totalvfs")];
  return {
    address,
    ids: `${hex("vendor")}:${hex("device")}`,
    classCode: hex("class"),
    ...(driver === undefined ? {} : { driver }),
    ...(iommuGroup === undefined ? {} : { iommuGroup }),
    ...(bootVga === undefined ? {} : { isBootDisplay: bootVga === "1" }),
    ...(total === undefined ? {} : { totalFunctions: Number(total) }),
    ...(physicalFunction === undefined ? {} : { physicalFunction }),
  };
}
