// What a QEMU is started with, as values, and the names under which its parts are reached over QMP. Nothing here is a
// QEMU option yet. Both hosts of a move must start from equal values, but for paths, taps and `incoming`.

import type { NicPorts } from "./pci-layout";

/** A disk: a flat raw file. `name` becomes the guest's serial number. */
export interface LaunchDisk {
  readonly name: string;
  /** Absolute path; may hold any character. */
  readonly path: string;
}

/** A network interface on a tap that exists and belongs to the VM's user. */
export interface LaunchNic {
  readonly tap: string;
  readonly mac: string;
}

/**
 * A GPU partition that was made and is the VM's: PCI functions of the host (the first is the device's own), or a mediated
 * device. `port` is the number of the root port that it sits behind.
 */
export type LaunchGpu = { readonly partitionId: string; readonly port: number } & (
  | { readonly functions: readonly string[] }
  | { readonly mdevUuid: string }
);

/** Direct kernel boot, by absolute paths. */
export interface LaunchBoot {
  readonly kernelPath: string;
  readonly initrdPath?: string;
  readonly cmdline: string;
}

/** Everything that QEMU's command line depends on. */
export interface QemuLaunch {
  readonly vmId: string;
  /** Versioned machine type: `pc-q35-10.0`. */
  readonly machine: string;
  /** From `composeCpuModel`. */
  readonly cpuModel: string;
  readonly accelerator: "kvm" | "tcg";
  readonly vcpus: number;
  /** Multiple of 4096. */
  readonly memoryBytes: number;
  /** Folder of this VM's sockets; its user must own it. Letters, digits and `/._-` only. */
  readonly runFolder: string;
  readonly disks: readonly LaunchDisk[];
  readonly nics: readonly LaunchNic[];
  /** Root ports for GPUs; a machine may have more of them than GPUs, to plug into. Absent: none. */
  readonly gpuPorts?: number;
  /** Those that are there when it starts. Absent: none. */
  readonly gpus?: readonly LaunchGpu[];
  /** Absent: a page of 8, as agents of protocol 1 start every machine. */
  readonly nicPorts?: NicPorts;
  /** Absent: the first disk boots. */
  readonly boot?: LaunchBoot;
  /** True for the destination of a move: QEMU waits for `migrate-incoming`. */
  readonly incoming: boolean;
}

/** The unix sockets of one QEMU. */
export interface QemuSockets {
  /** The agent's monitor. */
  readonly qmp: string;
  /** The agent's second monitor, for `yank` while the first is stuck. */
  readonly oob: string;
  /** A monitor for people, so that they need not take the agent's. */
  readonly people: string;
  /** The serial console; one reader. */
  readonly console: string;
}

/** The sockets in a VM's run folder. */
export function qemuSockets(runFolder: string): QemuSockets {
  return {
    qmp: `${runFolder}/qmp.sock`,
    oob: `${runFolder}/oob.sock`,
    people: `${runFolder}/people.sock`,
    console: `${runFolder}/console.sock`,
  };
}

/** Block node of a disk, by its position: what is mirrored, exported and resized. */
export function diskNode(index: number): string {
  return `disk-${index}`;
}
