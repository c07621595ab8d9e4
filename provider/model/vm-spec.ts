// What a VM is wanted to be, in numbers and content hashes: the form that controller and agent exchange and that the
// host keeps. Quantities were converted once, at the front door.

/** A file by its content, lower-case hex SHA-256. */
export type ContentHash = string;

/** Direct kernel boot. Both files are in the host's image store. */
export interface KernelBoot {
  readonly kernel: ContentHash;
  readonly initrd?: ContentHash;
  readonly cmdline: string;
}

/** A disk. `image` fills it when it is made and means nothing afterwards. */
export interface DiskSpec {
  readonly name: string;
  readonly sizeBytes: number;
  readonly image?: ContentHash;
}

/** A permission to open connections to the VM. `from`: "nodes", "vms" or CIDR. Ports are inclusive. */
export interface IngressRule {
  readonly from: string;
  readonly protocol: "any" | "tcp" | "udp" | "icmp";
  readonly firstPort?: number;
  readonly lastPort?: number;
}

/** An interface in the mesh. `address` only where the user asked for one. */
export interface MeshNicSpec {
  readonly kind: "mesh";
  readonly address?: string;
  readonly ingress: readonly IngressRule[];
}

/** An interface on a bridge of the host's own. */
export interface BridgeNicSpec {
  readonly kind: "bridge";
  readonly bridge: string;
  readonly vlan?: number;
}

/** Any interface. */
export type NicSpec = MeshNicSpec | BridgeNicSpec;

/** How the VM moves. Absent rate means no limit. */
export interface MigrationSpec {
  readonly downtimeLimitMs: number;
  readonly maxBandwidthBytesPerSecond?: number;
}

/** What a VM is wanted to be. */
export interface VmSpec {
  readonly name: string;
  readonly vcpus: number;
  readonly memoryBytes: number;
  readonly cpu: "portable" | "host";
  readonly boot?: KernelBoot;
  readonly disks: readonly DiskSpec[];
  readonly nics: readonly NicSpec[];
  readonly migration: MigrationSpec;
  readonly powerState: "running" | "stopped";
}

/** What was chosen once, at the VM's birth, and goes with it to every host, so that a newer QEMU does not change it. */
export interface VmPins {
  /** Versioned machine type such as `pc-q35-10.0`. */
  readonly machine: string;
  /** QEMU's `-cpu` value, composed by us. */
  readonly cpuModel: string;
  /** MAC address of each NIC, in the order of `spec.nics`. */
  readonly macs: readonly string[];
  /** IPv4 address of the mesh NIC; absent where there is none. */
  readonly address?: string;
  /** Accelerator that it was started with; a live move needs the same. */
  readonly accelerator: "kvm" | "tcg";
}
