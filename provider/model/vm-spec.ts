// What a VM is wanted to be, in numbers and content hashes: the form that controller and agent exchange and that the
// host keeps. Quantities were converted once, at the front door.

/**
 * A file by its content, lower-case hex SHA-256.
 * @pattern ^[0-9a-f]{64}$
 */
export type ContentHash = string;

/** Direct kernel boot. Both files are in the host's image store. */
export interface KernelBoot {
  readonly kernel: ContentHash;
  readonly initrd?: ContentHash;
  /** @pattern ^[\x20-\x7e]{0,2000}$ */
  readonly cmdline: string;
}

/** A disk. `image` fills it when it is made and means nothing afterwards. */
export interface DiskSpec {
  /** @pattern ^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$ */
  readonly name: string;
  /**
   * @asType integer
   * @minimum 1
   * @maximum 70368744177664
   */
  readonly sizeBytes: number;
  readonly image?: ContentHash;
}

/** A permission to open connections to the VM. `from`: "nodes", "vms" or CIDR. Ports are inclusive. */
export interface IngressRule {
  /** @pattern ^(nodes|vms|[0-9]{1,3}([.][0-9]{1,3}){3}(/[0-9]{1,2})?)$ */
  readonly from: string;
  readonly protocol: "any" | "tcp" | "udp" | "icmp";
  /**
   * @asType integer
   * @minimum 1
   * @maximum 65535
   */
  readonly firstPort?: number;
  /**
   * @asType integer
   * @minimum 1
   * @maximum 65535
   */
  readonly lastPort?: number;
}

/** An interface in the mesh. `address` only where the user asked for one. */
export interface MeshNicSpec {
  readonly kind: "mesh";
  /** @pattern ^[0-9]{1,3}([.][0-9]{1,3}){3}$ */
  readonly address?: string;
  readonly ingress: readonly IngressRule[];
}

/** An interface on a bridge of the host's own. */
export interface BridgeNicSpec {
  readonly kind: "bridge";
  /** @pattern ^[A-Za-z0-9][A-Za-z0-9_.-]{0,14}$ */
  readonly bridge: string;
  /**
   * @asType integer
   * @minimum 1
   * @maximum 4094
   */
  readonly vlan?: number;
}

/** Any interface. */
export type NicSpec = MeshNicSpec | BridgeNicSpec;

/** How the VM moves. Absent rate means no limit; the other absent fields mean `migrationDefaults`. */
export interface MigrationSpec {
  /**
   * @minimum 1
   * @maximum 60000
   */
  readonly downtimeLimitMs: number;
  /**
   * @minimum 1
   * @maximum 125000000000
   */
  readonly maxBandwidthBytesPerSecond?: number;
  readonly mode?: MigrationMode;
  readonly transport?: MigrationTransport;
  /**
   * From the start of precopy; in the mirror phase, since there was last less left to copy than ever before.
   * @minimum 1
   */
  readonly deadlineMs?: number;
  readonly onDeadline?: OnDeadline;
  /**
   * Longest time without a byte sent.
   * @minimum 1
   */
  readonly stallTimeoutMs?: number;
  /**
   * Cold: from the order to shut down to the power cut.
   * @minimum 1
   */
  readonly shutdownTimeoutMs?: number;
}

/** `live` runs meanwhile, `cold` is shut down for it, `forbid` never changes its host. */
export type MigrationMode = "live" | "cold" | "forbid";

/** The way of a move's streams: through the mesh, or straight between the hosts' own addresses where that can be. */
export type MigrationTransport = "mesh" | "auto";

/** What is done with a live move whose memory is not across at the deadline. */
export type OnDeadline = "cancel" | "stop" | "auto-converge";

/** When a VM starts again by itself: never, after a crash or its host's boot, or also after the guest's own shutdown. */
export type RestartPolicy = "never" | "on-failure" | "always";

/** What absent fields mean, the same as the schema's defaults: absent on the wire, so that an older agent understands. */
export const migrationDefaults = {
  mode: "live",
  transport: "mesh",
  deadlineMs: 30 * 60_000,
  onDeadline: "cancel",
  stallTimeoutMs: 30_000,
  shutdownTimeoutMs: 60_000,
} as const satisfies Omit<MigrationSpec, "downtimeLimitMs" | "maxBandwidthBytesPerSecond">;

/** What an absent `restart` means, the same as the schema's default. */
export const restartDefault: RestartPolicy = "on-failure";

/** A GPU partition, and the host that has it: the VM takes it while it is on that host (decision 016). */
export interface GpuReference {
  /** @pattern ^[a-z2-7]{26}$ */
  readonly partitionId: string;
  /** @pattern ^[a-z0-9-]{10,80}$ */
  readonly nodeId: string;
}

/** What a VM is wanted to be. */
export interface VmSpec {
  /** @pattern ^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$ */
  readonly name: string;
  /**
   * @asType integer
   * @minimum 1
   * @maximum 512
   */
  readonly vcpus: number;
  /**
   * @asType integer
   * @minimum 33554432
   * @maximum 17592186044416
   */
  readonly memoryBytes: number;
  readonly cpu: "portable" | "host";
  readonly boot?: KernelBoot;
  /** @maxItems 16 */
  readonly disks: readonly DiskSpec[];
  /** @maxItems 8 */
  readonly nics: readonly NicSpec[];
  /**
   * GPU partitions of all the hosts that it may be on. Absent means none, so that an older agent understands.
   * @maxItems 64
   */
  readonly gpus?: readonly GpuReference[];
  readonly migration: MigrationSpec;
  readonly powerState: "running" | "stopped";
  readonly restart?: RestartPolicy;
}

/**
 * One NIC's own address: unicast and locally administered, lower case.
 * @pattern ^[0-9a-f][26ae](:[0-9a-f]{2}){5}$
 */
export type MacAddress = string;

/** What was chosen once, at the VM's birth, and goes with it to every host, so that a newer QEMU does not change it. */
export interface VmPins {
  /**
   * Versioned machine type such as `pc-q35-10.0`.
   * @pattern ^[a-z0-9][a-z0-9.-]{1,40}$
   */
  readonly machine: string;
  /**
   * QEMU's `-cpu` value, composed by us.
   * @pattern ^[A-Za-z0-9=.,_-]{1,400}$
   */
  readonly cpuModel: string;
  /**
   * MAC address of each NIC, in the order of `spec.nics`.
   * @uniqueItems true
   */
  readonly macs: readonly MacAddress[];
  /** IPv4 address of the mesh NIC; absent where there is none. */
  readonly address?: string;
  /** Accelerator that it was started with; a live move needs the same. */
  readonly accelerator: "kvm" | "tcg";
}
