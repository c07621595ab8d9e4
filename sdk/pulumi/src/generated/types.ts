// Generated from schema/ by `npm run generate`; never edited by hand.

/** How to reach the host over SSH. */
export interface Connection {
  /** Name or address of the host. */
  readonly host: string;
  /** SSH port. Default: `22`. */
  readonly port: number;
  /** Login name. Default: `"root"`. */
  readonly user: string;
  /** The host's public SSH key, as in `known_hosts` (`ssh-ed25519 AAAA…`). */
  readonly hostKey?: string;
  /** Path of a `known_hosts` file; absent means `~/.ssh/known_hosts`. */
  readonly knownHosts?: string;
  /** Path of a private key file, or the name of a credential in `leea:credentials`; absent means the SSH agent and the usual files. */
  readonly identity?: string;
  /** Become root by `sudo -n`; absent means yes for every login but root. */
  readonly sudo?: boolean;
  /** Host to go through. */
  readonly jump?: JumpHost;
}

/** Host to go through. */
export interface JumpHost {
  /** Name or address of the host. */
  readonly host: string;
  /** SSH port. Default: `22`. */
  readonly port: number;
  /** Login name. Default: `"root"`. */
  readonly user: string;
  /** The host's public SSH key, as in `known_hosts` (`ssh-ed25519 AAAA…`). */
  readonly hostKey?: string;
  /** Path of a `known_hosts` file; absent means `~/.ssh/known_hosts`. */
  readonly knownHosts?: string;
  /** Path of a private key file, or the name of a credential in `leea:credentials`; absent means the SSH agent and the usual files. */
  readonly identity?: string;
}

/** The mesh that the host belongs to; the first host fixes everything but the name. */
export interface Mesh {
  /** Name of the mesh. */
  readonly name: string;
  /** IPv4 range of the hosts' mesh addresses. Default: `"10.91.0.0/16"`. */
  readonly nodeRange: string;
  /** IPv4 range of the VMs' addresses. Default: `"10.92.0.0/16"`. */
  readonly vmRange: string;
  /** MTU of every link and of every VM's mesh NIC, in bytes. Default: `1420`. */
  readonly mtu: number;
}

/** A host that is already in the mesh. */
export interface NodeReference {
  /** The host's node id. */
  readonly id: string;
  /** How to reach the host over SSH. */
  readonly connection: Connection;
}

/** Where other hosts reach this one's links. */
export interface Endpoint {
  /** Address or name; absent means the connection's host. */
  readonly address?: string;
  /** First UDP port of the links. Default: `51820`. */
  readonly portBase: number;
  /** Number of UDP ports. Default: `64`. */
  readonly portCount: number;
}

/** One GPU. */
export interface NodeGpu {
  /** PCI address, or the name of a virtual card. */
  readonly address: string;
  /** Maker by the host's pci.ids, or its PCI id. */
  readonly vendor: string;
  /** Model by the host's pci.ids, or its PCI id. */
  readonly model: string;
  /** The host's driver, also while a partition has the device; empty: none. */
  readonly driver: string;
  /** IOMMU group; empty: none. */
  readonly iommuGroup: string;
  /** Modes in which a GpuPartition can be made of it, leaving aside who has it now. */
  readonly modes: readonly string[];
  /** Whether the host's display, console, disk or network is on it. */
  readonly usedByHost: boolean;
  /** What stands in the way of other modes, with the evidence. */
  readonly against: readonly string[];
}

/** The device: one by its address, or the first free one that matches all that is given. */
export interface GpuSelector {
  /** PCI address, as `lspci -D` shows it; any device but a bridge, and a VF too. */
  readonly address?: string;
  /** Maker: a word of its name (`nvidia`, `amd`, `intel`) or its PCI id (`10de`). */
  readonly vendor?: string;
  /** Model: a part of its name in the host's pci.ids (`H200`) or its PCI id (`2335`). */
  readonly model?: string;
  /** The firmware's label of the slot. */
  readonly label?: string;
}

/** The VF's share of its device, for `sriov` on a driver that has such quotas (Intel's xe); what is left out stays as the driver has it. */
export interface GpuQuota {
  /** Memory of the device; it may be rounded up. */
  readonly vram?: string;
  /** Time that it may keep the engines before another partition has its turn. */
  readonly executionQuantum?: string;
  /** Time that it may take to let go of the engines before it is reset. */
  readonly preemptTimeout?: string;
  /** `low`: it has a turn where it has work. `normal`: also where it has none. `high`: the next turn. Refused where the driver has one for all VFs. */
  readonly priority?: "low" | "normal" | "high";
}

/** The VF's share as its driver has it now; absent where it has none. */
export interface GpuQuotaInForce {
  /** Memory in `bytes`. */
  readonly vramBytes?: number;
  /** Time in `ms`; 0: without limit. */
  readonly executionQuantumMs?: number;
  /** Time in `µs`; 0: without limit. */
  readonly preemptTimeoutUs?: number;
  /** `low`, `normal` or `high`. */
  readonly priority?: string;
}

/** Direct kernel boot; absent means that the first disk boots. */
export interface KernelBoot {
  /** Path of the kernel. */
  readonly kernel: string;
  /** Path of the initial RAM disk. */
  readonly initrd?: string;
  /** Kernel command line. Default: `""`. */
  readonly cmdline: string;
}

/** A disk of the VM's own, kept on the host it runs on. */
export interface Disk {
  /** Name of the disk. */
  readonly name: string;
  /** Size; it may grow and never shrinks. */
  readonly size: string;
  /** Path of a raw or qcow2 image that fills the disk when it is created. */
  readonly image?: string;
}

/** One network interface: in the mesh, or on a bridge of the host's own. */
export interface Nic {
  /** An interface in the mesh; its address stays with the VM wherever it runs. */
  readonly mesh?: MeshNic;
  /** Name of a bridge that exists on the host. */
  readonly bridge?: string;
  /** VLAN on the bridge. */
  readonly vlan?: number;
}

/** An interface in the mesh; its address stays with the VM wherever it runs. */
export interface MeshNic {
  /** IPv4 address; absent means one is chosen. */
  readonly address?: string;
  /** Who may open connections to the VM; where it is empty, only the host that it runs on. Default: `[]`. */
  readonly ingress: readonly IngressRule[];
}

/** One permission to open connections. */
export interface IngressRule {
  /** `nodes` (every host of the mesh), `vms` (every VM), or an IPv4 range. */
  readonly from: string;
  /** Protocol. Default: `"any"`. */
  readonly protocol: "any" | "tcp" | "udp" | "icmp";
  /** Port or range of ports, for tcp and udp; absent means all. */
  readonly ports?: string;
}

/** A GPU partition and the host that has it. */
export interface GpuReference {
  /** The partition's id. */
  readonly id: string;
  /** Id of the host that has it. */
  readonly node: string;
}

/** How the VM moves when its `node` changes. */
export interface Migration {
  /** `live`: it goes on running while it moves. `cold`: it is shut down, its disks are copied and it starts on the other host. `forbid`: a changed `node` is an error. Default: `"live"`. */
  readonly mode: "live" | "cold" | "forbid";
  /** Pause to aim for. Default: `"30ms"`. */
  readonly downtimeLimit: string;
  /** Rate that the move may take; absent means all there is. */
  readonly maxBandwidth?: string;
  /** The way that memory and disks take, always inside TLS. `mesh`: through the encrypted mesh. `auto`: straight from host to host where the destination's own address can be reached, which is tried first; for the time of the move the destination's packet filter lets the source alone reach its two ports. The mesh where it cannot. Default: `"mesh"`. */
  readonly transport: "mesh" | "auto";
  /** Live: how long memory may be sent before `onDeadline` is done, and how long the copying of the disks may go on without getting nearer to its end. In the default 30 minutes a way of 1Gbps carries some 200GiB, so a guest that is not across by then writes memory faster than the way carries it. Default: `"30m"`. */
  readonly deadline: string;
  /** Live, when the deadline is reached: `cancel` (it goes on where it is), `stop` (the guest is paused until the rest is sent, however long that takes) or `auto-converge` (its processors are slowed down until the rest fits; cancelled if even that does not help for as long as the deadline again). Default: `"cancel"`. */
  readonly onDeadline: "cancel" | "stop" | "auto-converge";
  /** How long a move may stand without a single byte sent before it is broken off; the default outlives a link that is down for a few seconds. Default: `"30s"`. */
  readonly stallTimeout: string;
  /** Cold: how long the guest may take to shut down before its power is cut. Default: `"60s"`. */
  readonly shutdownTimeout: string;
}

/** One file and what was in it. */
export interface FileContent {
  /** Where it was named. */
  readonly field: string;
  /** SHA-256 of its bytes, hex. */
  readonly sha256: string;
}

/** The last move. */
export interface LastMigration {
  /** `live`, or `cold` where it did not run while it moved (shut down for it, or stopped already). */
  readonly mode: string;
  /** Node id. */
  readonly from: string;
  /** Node id. */
  readonly to: string;
  /** Whole move in `ms`. */
  readonly totalMs: number;
  /** Guest outage in `ms`. Live: QEMU's downtime, and from its end to the start on the other host. Cold: from the order to shut down to QEMU's start on the other host; 0 where it was stopped. */
  readonly downtimeMs: number;
  /** Memory sent in `bytes`. */
  readonly ramBytes: number;
  /** Disk copied in `bytes`, with its holes, which are named and not sent. */
  readonly diskBytes: number;
  /** Passes over the memory; 0 after a cold move. */
  readonly passes: number;
}
