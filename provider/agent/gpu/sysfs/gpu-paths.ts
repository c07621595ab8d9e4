// Where the kernel keeps PCI devices, drivers and mediated devices (kernel: sysfs-bus-pci, sysfs-bus-vfio-mdev).

/** Folder of all functions. */
export const pciDevicesFolder = "/sys/bus/pci/devices";

/** Folder of one function, or one file in it. */
export function functionPath(address: string, file = ""): string {
  return `${pciDevicesFolder}/${address}${file === "" ? "" : `/${file}`}`;
}

/** A file of a driver, such as `bind`. */
export function driverPath(driver: string, file: string): string {
  return `/sys/bus/pci/drivers/${driver}/${file}`;
}

/** Folder of one mediated device, or one file in it. */
export function mdevPath(uuid: string, file = ""): string {
  return `/sys/bus/mdev/devices/${uuid}${file === "" ? "" : `/${file}`}`;
}

/** Folder of all parents of mediated devices. */
export const mdevParentsFolder = "/sys/class/mdev_bus";

/** Folder of the mdev types of a parent, or below it. */
export function mdevTypesPath(parent: string, below = ""): string {
  return `${mdevParentsFolder}/${parent}/mdev_supported_types${below === "" ? "" : `/${below}`}`;
}

/** The last PCI address in a link's target: the function that a block device, interface or display belongs to. */
export function lastAddressIn(target: string): string | undefined {
  return target.match(/[0-9a-f]{4,8}:[0-9a-f]{2}:[0-9a-f]{2}\.[0-7](?=\/|$)/g)?.at(-1);
}

/** Last part of a link's target, such as a driver's name. */
export function lastPart(target: string | undefined): string | undefined {
  const part = target?.split("/").at(-1);
  return part === "" ? undefined : part;
}
