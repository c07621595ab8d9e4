// Fragment: disks. A disk is a raw file behind virtio-blk, past the host's page cache (a move then has one truth), with
// unused blocks given back to the host.

import { rootPortId } from "./pci-layout";
import { diskNode, type LaunchDisk, type QemuLaunch } from "./qemu-launch";
import { queueNotification } from "./queue-notification";

const maxSerialLength = 20;

/** The disks, in the order in which the guest finds them. Without a kernel of ours the first one boots. */
export function diskArguments(launch: QemuLaunch): readonly string[] {
  return launch.disks.flatMap((disk, index) => [
    "-blockdev",
    JSON.stringify(diskBackend(disk, index)),
    "-device",
    JSON.stringify({
      driver: "virtio-blk-pci",
      id: `blk-${index}`,
      bus: rootPortId("disk", index),
      addr: "0x0",
      drive: diskNode(index),
      serial: diskSerial(disk.name, index),
      ...queueNotification(launch),
      ...(launch.boot === undefined ? { bootindex: index } : {}),
    }),
  ]);
}

/** What the guest reads as the disk's serial number: its name, or for a long one its beginning and its position. */
export function diskSerial(name: string, index: number): string {
  if (name.length <= maxSerialLength) return name;
  const end = `-${index}`;
  return `${name.slice(0, maxSerialLength - end.length)}${end}`;
}

function diskBackend(disk: LaunchDisk, index: number): Readonly<Record<string, unknown>> {
  const file = { driver: "file", filename: disk.path, cache: { direct: true }, aio: "threads", discard: "unmap" };
  return { driver: "raw", "node-name": diskNode(index), file, discard: "unmap" };
}
