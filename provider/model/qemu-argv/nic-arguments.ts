// Fragment: network interfaces. The tap was made beforehand and belongs to the VM's user: QEMU runs no script and opens
// no kernel helper for it.

import { rootPortId } from "./pci-layout";
import type { QemuLaunch } from "./qemu-launch";
import { queueNotification } from "./queue-notification";

/** The interfaces, in order. No boot ROM: nothing boots from the network, and both hosts need the same ROM size. */
export function nicArguments(launch: QemuLaunch): readonly string[] {
  return launch.nics.flatMap(({ tap, mac }, index) => [
    "-netdev",
    JSON.stringify({ type: "tap", id: `net-${index}`, ifname: tap, script: "no", downscript: "no", vhost: false }),
    "-device",
    JSON.stringify({
      driver: "virtio-net-pci",
      id: `nic-${index}`,
      bus: rootPortId("nic", index),
      addr: "0x0",
      netdev: `net-${index}`,
      mac,
      romfile: "",
      ...queueNotification(launch),
    }),
  ]);
}
