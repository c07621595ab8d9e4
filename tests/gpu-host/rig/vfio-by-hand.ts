// A device given to VFIO and back, as a person does it in sysfs: the measure for what leea's agent does there.

import type { GpuHost } from "./gpu-host";

/** Where sysfs has a device. */
export const deviceFolder = (address: string): string => `/sys/bus/pci/devices/${address}`;

/** Takes a device from its driver, if it has one, and gives it to VFIO. The writes succeed even where VFIO does not take it. */
export async function bindVfio(host: GpuHost, address: string): Promise<void> {
  await probeAs(host, address, "vfio-pci");
}

/** Takes a device from VFIO, and lets the host's own driver have it where that takes it. Blocks while a guest holds it. */
export async function releaseVfio(host: GpuHost, address: string): Promise<void> {
  await probeAs(host, address, "");
}

async function probeAs(host: GpuHost, address: string, driver: string): Promise<void> {
  await host.run(`
    cd ${deviceFolder(address)}
    if [ -e driver ]; then echo ${address} >driver/unbind; fi
    echo '${driver}' >driver_override
    echo ${address} >/sys/bus/pci/drivers_probe
  `);
}
