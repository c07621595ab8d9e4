// How a guest's "there is work in the queue" reaches QEMU. Under KVM an eventfd spares an exit from the guest; under TCG
// there is no exit to spare, and taking the eventfds down at a stop rebuilds QEMU's memory map while the guest already
// stands still, some 50 ms before the STOP event: packets of that time are lost in a move.

import type { QemuLaunch } from "./qemu-launch";

/** Properties of every virtio device that the guest keeps busy (virtio-pci, `ioeventfd`). */
export function queueNotification(launch: Pick<QemuLaunch, "accelerator">): { readonly ioeventfd?: false } {
  return launch.accelerator === "tcg" ? { ioeventfd: false } : {};
}
