// The QEMU command line of an emulated host: a machine with an IOMMU under software emulation, whatever this machine can do.
// Pure. Paths that are not given here are relative to the folder that QEMU runs in.

import { deviceArguments, type HostDevice } from "./host-devices";

/** What a host is to have. */
export interface HostWish {
  /** Its host name. */
  readonly name: string;
  /** Emulated IOMMU. */
  readonly iommu: "intel" | "amd" | "none";
  /** Whether the IOMMU also remaps interrupts. Intel's only: with AMD's, emulated, Linux 6.12 found no timer and panicked. */
  readonly interruptRemapping: boolean;
  readonly devices: readonly HostDevice[];
  /** Words for the kernel in place of those that switch the IOMMU on. */
  readonly kernelWords?: readonly string[];
  /** A network card on a link to another emulated host. */
  readonly link?: HostLink;
}

/** An end of a link between two hosts: datagrams between two sockets of this machine. */
export interface HostLink {
  /** Address with prefix, such as `10.77.0.1/24`. */
  readonly address: string;
  /** 1 to 9; each end has another one. */
  readonly end: number;
  readonly ownSocket: string;
  readonly peerSocket: string;
}

/** Files that a host boots from: absolute paths. */
export interface HostFiles {
  readonly kernel: string;
  readonly initrd: string;
}

/** Disk of the host, in the folder that QEMU runs in: what it writes, over the cached image. */
export const diskFile = "disk.qcow2";

/** Its QEMU's monitor, in the same folder. */
export const monitorFile = "monitor";

const memoryMib = 2048;
const cpus = 2;
const kernelWordsOf = {
  intel: ["intel_iommu=on", "iommu=pt"],
  amd: ["amd_iommu=on", "iommu=pt", "no_timer_check"],
  none: [],
};

/** The arguments of qemu-system-x86_64. `sshPort` of 127.0.0.1 leads to the host's sshd; standard output is its console. */
export function hostArgv(wish: HostWish, files: HostFiles, sshPort: number): string[] {
  return [
    ...["-accel", "tcg,thread=multi", "-machine", "q35,kernel-irqchip=split", "-cpu", "max"],
    ...["-smp", String(cpus), "-m", String(memoryMib)],
    ...["-nodefaults", "-no-user-config", "-no-reboot", "-vga", "none", "-display", "none", "-serial", "stdio"],
    ...["-qmp", `unix:${monitorFile},server=on,wait=off`],
    ...iommuArguments(wish),
    ...["-kernel", files.kernel, "-initrd", files.initrd, "-append", kernelCommandLine(wish)],
    ...json("-blockdev", {
      driver: "qcow2",
      "node-name": "disk",
      cache: { "no-flush": true },
      file: { driver: "file", filename: diskFile, cache: { "no-flush": true } },
    }),
    ...json("-device", { driver: "virtio-blk-pci", drive: "disk", bus: "pcie.0", addr: "0x3" }),
    ...json("-device", { driver: "virtio-rng-pci", bus: "pcie.0", addr: "0x4" }),
    ...uplinkArguments(sshPort),
    ...(wish.link === undefined ? [] : linkArguments(wish.link)),
    ...deviceArguments(wish.devices),
  ];
}

function json(option: string, value: Readonly<Record<string, unknown>>): string[] {
  return [option, JSON.stringify(value)];
}

// QEMU wants it before every device that it is to translate for.
function iommuArguments({ iommu, interruptRemapping }: HostWish): string[] {
  if (iommu === "none") return [];
  return json("-device", { driver: `${iommu}-iommu`, intremap: interruptRemapping ? "on" : "off" });
}

function kernelCommandLine({ name, iommu, kernelWords, link }: HostWish): string {
  const console = ["console=ttyS0", "loglevel=4", "panic=-1", "systemd.show_status=0"];
  const words = kernelWords ?? kernelWordsOf[iommu];
  const linked = link === undefined ? [] : [`gpu_host.link=${link.address}`];
  return [...console, `systemd.hostname=${name}`, ...words, ...linked].join(" ");
}

function uplinkArguments(sshPort: number): string[] {
  return [
    ...json("-netdev", { type: "user", id: "uplink", hostfwd: [{ str: `tcp:127.0.0.1:${sshPort}-:22` }] }),
    ...card("uplink", "52:54:00:67:70:01", "0x5"),
  ];
}

function linkArguments({ end, ownSocket, peerSocket }: HostLink): string[] {
  const at = (path: string) => ({ type: "unix", path });
  return [
    ...json("-netdev", { type: "dgram", id: "link", local: at(ownSocket), remote: at(peerSocket) }),
    ...card("link", `52:54:00:67:71:0${end}`, "0x6"),
  ];
}

function card(netdev: string, mac: string, addr: string): string[] {
  return json("-device", { driver: "virtio-net-pci", netdev, mac, bus: "pcie.0", addr });
}
