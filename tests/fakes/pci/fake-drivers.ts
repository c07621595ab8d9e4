// Drivers of a fake host by their names.

/** True for those that serve a device to VFIO. */
export function isVfio(driver: string | undefined): boolean {
  return driver === "vfio-pci" || driver === "xe-vfio-pci";
}
