// The emulated host's NVMe card under the stand-in for a vendor's driver, and back: what its user does before leea comes.

import { waitFor } from "../../e2e/world/wait-for";
import type { GpuHost } from "./gpu-host";
import { deviceFolder } from "./vfio-by-hand";

// The system would load the card's own driver for each function that the stand-in makes.
const blocked = "/run/modprobe.d/gpu-host.conf";

/** Gives the card to the stand-in. */
export async function loadVendorDriver(host: GpuHost): Promise<void> {
  await host.run(`
    modprobe -r nvme
    mkdir -p /run/modprobe.d
    printf 'blacklist nvme\\ninstall nvme /bin/true\\n' >${blocked}
    modprobe fake_vgpu
  `);
}

/** A snapshot without the card's own driver: the system's device manager loads it for any function of that kind that appears. */
export function withoutCardDriver(snapshot: readonly string[]): readonly string[] {
  return snapshot.filter((line) => !/^module nvme(_core)?$/.test(line));
}

/** Gives it back to its own driver. The kernel does not probe a card for a loaded driver by itself. */
export async function unloadVendorDriver(host: GpuHost, address: string): Promise<void> {
  await host.run(`
    modprobe -r fake_vgpu
    if [ ! -d /sys/module/vfio_pci_core ]; then rmmod irqbypass 2>/dev/null || :; fi
    rm -f ${blocked}
    modprobe nvme
    echo ${address} >/sys/bus/pci/drivers_probe
  `);
  const back = `[ -e ${deviceFolder(address)}/driver ] && echo yes || :`;
  await waitFor("the card to be back with its own driver", async () => (await host.run(back)) === "yes", 60_000);
}
