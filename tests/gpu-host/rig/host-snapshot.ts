// What handing out devices changes on a host, as lines to compare: a host that was given back is as it was before.

import type { GpuHost } from "./gpu-host";

const script = String.raw`
cd /sys/bus/pci/devices
grep -sH '' */driver_override */sriov_numvfs */sriov_drivers_autoprobe */vendor */device */class || :
find */ -maxdepth 1 -name driver -printf '%p:%l\n'
find /dev/vfio /sys/bus/mdev/devices/ -mindepth 1 -printf '%p %U:%G %m\n' 2>/dev/null || :
cut -d ' ' -f 1 /proc/modules | sed 's/^/module /'
`;

/** Drivers, overrides, numbers of virtual functions and ids of all PCI devices; VFIO's and mdev's devices; loaded modules. */
export async function snapshotHost(host: Pick<GpuHost, "run">): Promise<readonly string[]> {
  return (await host.run(script)).split("\n").sort();
}

const firstLooks = new Map<string, readonly string[]>();

/** The host as it was before the running test's first try: what a first try leaves behind must not pass at the second. */
export async function snapshotBefore(host: GpuHost): Promise<readonly string[]> {
  const key = `${host.name} ${expect.getState().currentTestName}`;
  const first = firstLooks.get(key) ?? (await snapshotHost(host));
  firstLooks.set(key, first);
  return first;
}

/** With the modules there that agent and QEMU load at their first use, and that stay. */
export async function snapshotWithVfio(host: Pick<GpuHost, "run">): Promise<readonly string[]> {
  await host.run("modprobe -a vfio-pci vfio_iommu_type1 igbvf");
  return snapshotHost(host);
}
