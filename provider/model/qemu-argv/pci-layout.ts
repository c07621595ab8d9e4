// Where each device sits. Places follow from a device's kind and position alone, so that a destination built from the
// list of today has every device where the source has it, also one that was plugged in later.
//
//   pcie.0  01 rng   02 03 root ports of disks 0-7, 8-15   04 root ports of NICs 0-7   05 of GPUs 0-7   1e pvpanic   1f chipset
//
// A page is one multi-function slot of 8 root ports, all of them there from the start: q35 plugs into root ports only, and a
// guest numbers its buses in their order. NICs come last and have no port more than they need: loading a port takes the
// destination of a move 1 to 3 ms while the guest stands still, as QEMU works out the guest's memory anew for each. Disks
// keep whole pages, so that a NIC's bus, and with it its name in the guest, stays what it is when a disk is added. GPUs
// come after all of them, a port each, so that a machine without one is as it was.

const portsPerPage = 8;

/** Kinds of device that sit behind root ports. */
export type PortKind = "disk" | "nic" | "gpu";

const firstSlot: Readonly<Record<PortKind, number>> = { disk: 0x02, nic: 0x04, gpu: 0x05 };
const pages: Readonly<Record<PortKind, number>> = { disk: 2, nic: 1, gpu: 1 };

/** How many devices of each kind there is room for. */
export const portCounts: Readonly<Record<PortKind, number>> = {
  disk: pages.disk * portsPerPage,
  nic: pages.nic * portsPerPage,
  gpu: pages.gpu * portsPerPage,
};

/** Fixed places on the root bus. */
export const rootBusAddress = { rng: "0x1", panic: "0x1e" } as const;

/** Id of the root port of a device: its kind and position. */
export function rootPortId(kind: PortKind, index: number): string {
  return `rp-${kind}-${index}`;
}

/** What a machine has for its NICs: `each` a root port and no more. */
export type NicPorts = "each";

/** The root ports for this many devices of a kind, as values of `-device`: page by page and at least one page, or one `each`. */
export function rootPorts(
  kind: PortKind,
  deviceCount: number,
  ports: NicPorts | "pages",
): readonly Readonly<Record<string, unknown>>[] {
  const pageCount = Math.max(1, Math.ceil(deviceCount / portsPerPage));
  const portCount = ports === "each" ? deviceCount : pageCount * portsPerPage;
  return Array.from({ length: portCount }, (_, index) => {
    const slot = firstSlot[kind] + Math.floor(index / portsPerPage);
    const number = slot * portsPerPage + (index % portsPerPage);
    return {
      driver: "pcie-root-port",
      id: rootPortId(kind, index),
      bus: "pcie.0",
      addr: `0x${slot.toString(16)}.0x${index % portsPerPage}`,
      multifunction: true,
      chassis: number,
      slot: number,
      // Modern virtio has no I/O ports; 4 KiB a port would use up the 64 KiB that there are. A GPU may have some.
      ...(kind === "gpu" ? {} : { "io-reserve": 0 }),
    };
  });
}
