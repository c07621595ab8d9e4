// Generated from schema/ by `npm run generate`; never edited by hand.

import type * as pulumi from "@pulumi/pulumi";

/** A host: a MeshNode, or the id and connection of one that another stack declares. */
export interface NodeLike {
  readonly id: pulumi.Input<string>;
  readonly connection: pulumi.Input<ConnectionArgs>;
}

/** What a program declares of a MeshNode. */
export interface MeshNodeArgs {
  /** Name of the host in the mesh; absent means the resource's logical name. */
  readonly name?: pulumi.Input<string>;
  /** How to reach the host over SSH. */
  readonly connection: pulumi.Input<ConnectionArgs>;
  /** The mesh that the host belongs to; the first host fixes everything but the name. */
  readonly mesh: pulumi.Input<MeshArgs>;
  /** Hosts that are already in the mesh and that this one links to; none for the first. Default: `[]`. */
  readonly peers?: readonly NodeLike[];
  /** Where other hosts reach this one's links. */
  readonly endpoint?: pulumi.Input<EndpointArgs>;
  /** Install missing packages with the host's package manager. Default: `true`. */
  readonly setup?: pulumi.Input<boolean>;
  /** Folder on the host for disks and images. Default: `"/var/lib/leea"`. */
  readonly storagePath?: pulumi.Input<string>;
}

/** What a program declares of a GpuPartition. */
export interface GpuPartitionArgs {
  /** Name of the partition; absent means the resource's logical name. */
  readonly name?: pulumi.Input<string>;
  /** Id of the host whose GPU it is. */
  readonly node: NodeLike;
  /** The device: one by its address, or the first free one that matches all that is given. */
  readonly device: pulumi.Input<GpuSelectorArgs>;
  /** How it is made: `passthrough` (the whole device), `sriov` (a VF), `mdev` (a mediated device), `vendor-vfio` (a VF that its vendor's driver gives a type) or `auto` (the best that the device offers; the preview says which and why). Default: `"auto"`. */
  readonly mode?: pulumi.Input<"auto" | "passthrough" | "sriov" | "mdev" | "vendor-vfio">;
  /** Type of the partition by name or id, for `mdev` and `vendor-vfio` (`L40S-1Q`, `nvidia-63`). */
  readonly profile?: pulumi.Input<string>;
  /** Number of VFs that the device is split into, for `sriov`; absent means as many as it has. All partitions of one device must agree. */
  readonly vfs?: pulumi.Input<number>;
  /** The VF's share of its device, for `sriov` on a driver that has such quotas (Intel's xe); what is left out stays as the driver has it. */
  readonly quota?: pulumi.Input<GpuQuotaArgs>;
}

/** What a program declares of a VM. */
export interface VMArgs {
  /** Name of the VM; absent means the resource's logical name. */
  readonly name?: pulumi.Input<string>;
  /** Id of the host that it is to run on. */
  readonly node: NodeLike;
  /** Virtual processors. */
  readonly vcpus: pulumi.Input<number>;
  /** Memory. */
  readonly memory: pulumi.Input<string>;
  /** CPU model: `portable` (x86-64-v2, runs and moves everywhere) or `host` (every feature of this host, limits where it can move). Default: `"portable"`. */
  readonly cpu?: pulumi.Input<"portable" | "host">;
  /** Direct kernel boot; absent means that the first disk boots. */
  readonly boot?: pulumi.Input<KernelBootArgs>;
  /** Disks, in the order in which the guest sees them. Default: `[]`. */
  readonly disks?: pulumi.Input<readonly pulumi.Input<DiskArgs>[]>;
  /** Network interfaces; absent means one in the mesh. Default: `[{"mesh":{}}]`. */
  readonly nics?: pulumi.Input<readonly pulumi.Input<NicArgs>[]>;
  /** GPU partitions that it takes. Of those listed it uses the ones on the host that it is on, so that the ones on another host can be listed for a move. Its guest goes on running while they change, where its machine has a port free; else it restarts. Default: `[]`. */
  readonly gpus?: readonly GpuReferenceArgs[];
  /** How the VM moves when its `node` changes. */
  readonly migration?: pulumi.Input<MigrationArgs>;
  /** Whether it starts again by itself: `never`, `on-failure` (after a crash, and when its host boots) or `always` (also after the guest has shut itself down). Default: `"on-failure"`. */
  readonly restart?: pulumi.Input<"never" | "on-failure" | "always">;
  /** Whether it runs. Default: `"running"`. */
  readonly powerState?: pulumi.Input<"running" | "stopped">;
  /** Permit an update that drops a disk which holds data. Default: `false`. */
  readonly allowDataLoss?: pulumi.Input<boolean>;
}

/** How to reach the host over SSH. */
export interface ConnectionArgs {
  /** Name or address of the host. */
  readonly host: pulumi.Input<string>;
  /** SSH port. Default: `22`. */
  readonly port?: pulumi.Input<number>;
  /** Login name. Default: `"root"`. */
  readonly user?: pulumi.Input<string>;
  /** The host's public SSH key, as in `known_hosts` (`ssh-ed25519 AAAA…`). */
  readonly hostKey?: pulumi.Input<string>;
  /** Path of a `known_hosts` file; absent means `~/.ssh/known_hosts`. */
  readonly knownHosts?: pulumi.Input<string>;
  /** Path of a private key file, or the name of a credential in `leea:credentials`; absent means the SSH agent and the usual files. */
  readonly identity?: pulumi.Input<string>;
  /** Become root by `sudo -n`; absent means yes for every login but root. */
  readonly sudo?: pulumi.Input<boolean>;
  /** Host to go through. */
  readonly jump?: pulumi.Input<JumpHostArgs>;
}

/** Host to go through. */
export interface JumpHostArgs {
  /** Name or address of the host. */
  readonly host: pulumi.Input<string>;
  /** SSH port. Default: `22`. */
  readonly port?: pulumi.Input<number>;
  /** Login name. Default: `"root"`. */
  readonly user?: pulumi.Input<string>;
  /** The host's public SSH key, as in `known_hosts` (`ssh-ed25519 AAAA…`). */
  readonly hostKey?: pulumi.Input<string>;
  /** Path of a `known_hosts` file; absent means `~/.ssh/known_hosts`. */
  readonly knownHosts?: pulumi.Input<string>;
  /** Path of a private key file, or the name of a credential in `leea:credentials`; absent means the SSH agent and the usual files. */
  readonly identity?: pulumi.Input<string>;
}

/** The mesh that the host belongs to; the first host fixes everything but the name. */
export interface MeshArgs {
  /** Name of the mesh. */
  readonly name: pulumi.Input<string>;
  /** IPv4 range of the hosts' mesh addresses. Default: `"10.91.0.0/16"`. */
  readonly nodeRange?: pulumi.Input<string>;
  /** IPv4 range of the VMs' addresses. Default: `"10.92.0.0/16"`. */
  readonly vmRange?: pulumi.Input<string>;
  /** MTU of every link and of every VM's mesh NIC, in bytes. Default: `1420`. */
  readonly mtu?: pulumi.Input<number>;
}

/** A host that is already in the mesh. */
export interface NodeReferenceArgs {
  /** The host's node id. */
  readonly id: pulumi.Input<string>;
  /** How to reach the host over SSH. */
  readonly connection: pulumi.Input<ConnectionArgs>;
}

/** Where other hosts reach this one's links. */
export interface EndpointArgs {
  /** Address or name; absent means the connection's host. */
  readonly address?: pulumi.Input<string>;
  /** First UDP port of the links. Default: `51820`. */
  readonly portBase?: pulumi.Input<number>;
  /** Number of UDP ports. Default: `64`. */
  readonly portCount?: pulumi.Input<number>;
}

/** The device: one by its address, or the first free one that matches all that is given. */
export interface GpuSelectorArgs {
  /** PCI address, as `lspci -D` shows it; any device but a bridge, and a VF too. */
  readonly address?: pulumi.Input<string>;
  /** Maker: a word of its name (`nvidia`, `amd`, `intel`) or its PCI id (`10de`). */
  readonly vendor?: pulumi.Input<string>;
  /** Model: a part of its name in the host's pci.ids (`H200`) or its PCI id (`2335`). */
  readonly model?: pulumi.Input<string>;
  /** The firmware's label of the slot. */
  readonly label?: pulumi.Input<string>;
}

/** The VF's share of its device, for `sriov` on a driver that has such quotas (Intel's xe); what is left out stays as the driver has it. */
export interface GpuQuotaArgs {
  /** Memory of the device; it may be rounded up. */
  readonly vram?: pulumi.Input<string>;
  /** Time that it may keep the engines before another partition has its turn. */
  readonly executionQuantum?: pulumi.Input<string>;
  /** Time that it may take to let go of the engines before it is reset. */
  readonly preemptTimeout?: pulumi.Input<string>;
  /** `low`: it has a turn where it has work. `normal`: also where it has none. `high`: the next turn. Refused where the driver has one for all VFs. */
  readonly priority?: pulumi.Input<"low" | "normal" | "high">;
}

/** Direct kernel boot; absent means that the first disk boots. */
export interface KernelBootArgs {
  /** Path of the kernel. */
  readonly kernel: pulumi.Input<string>;
  /** Path of the initial RAM disk. */
  readonly initrd?: pulumi.Input<string>;
  /** Kernel command line. Default: `""`. */
  readonly cmdline?: pulumi.Input<string>;
}

/** A disk of the VM's own, kept on the host it runs on. */
export interface DiskArgs {
  /** Name of the disk. */
  readonly name: pulumi.Input<string>;
  /** Size; it may grow and never shrinks. */
  readonly size: pulumi.Input<string>;
  /** Path of a raw or qcow2 image that fills the disk when it is created. */
  readonly image?: pulumi.Input<string>;
}

/** One network interface: in the mesh, or on a bridge of the host's own. */
export interface NicArgs {
  /** An interface in the mesh; its address stays with the VM wherever it runs. */
  readonly mesh?: pulumi.Input<MeshNicArgs>;
  /** Name of a bridge that exists on the host. */
  readonly bridge?: pulumi.Input<string>;
  /** VLAN on the bridge. */
  readonly vlan?: pulumi.Input<number>;
}

/** An interface in the mesh; its address stays with the VM wherever it runs. */
export interface MeshNicArgs {
  /** IPv4 address; absent means one is chosen. */
  readonly address?: pulumi.Input<string>;
  /** Who may open connections to the VM; where it is empty, only the host that it runs on. Default: `[]`. */
  readonly ingress?: pulumi.Input<readonly pulumi.Input<IngressRuleArgs>[]>;
}

/** One permission to open connections. */
export interface IngressRuleArgs {
  /** `nodes` (every host of the mesh), `vms` (every VM), or an IPv4 range. */
  readonly from: pulumi.Input<string>;
  /** Protocol. Default: `"any"`. */
  readonly protocol?: pulumi.Input<"any" | "tcp" | "udp" | "icmp">;
  /** Port or range of ports, for tcp and udp; absent means all. */
  readonly ports?: pulumi.Input<string>;
}

/** A GPU partition and the host that has it. */
export interface GpuReferenceArgs {
  /** The partition's id. */
  readonly id: pulumi.Input<string>;
  /** Id of the host that has it. */
  readonly node: pulumi.Input<string>;
}

/** How the VM moves when its `node` changes. */
export interface MigrationArgs {
  /** `live`: it goes on running while it moves. `cold`: it is shut down, its disks are copied and it starts on the other host. `forbid`: a changed `node` is an error. Default: `"live"`. */
  readonly mode?: pulumi.Input<"live" | "cold" | "forbid">;
  /** Pause to aim for. Default: `"30ms"`. */
  readonly downtimeLimit?: pulumi.Input<string>;
  /** Rate that the move may take; absent means all there is. */
  readonly maxBandwidth?: pulumi.Input<string>;
  /** The way that memory and disks take, always inside TLS. `mesh`: through the encrypted mesh. `auto`: straight from host to host where the destination's own address can be reached, which is tried first; for the time of the move the destination's packet filter lets the source alone reach its two ports. The mesh where it cannot. Default: `"mesh"`. */
  readonly transport?: pulumi.Input<"mesh" | "auto">;
  /** Live: how long memory may be sent before `onDeadline` is done, and how long the copying of the disks may go on without getting nearer to its end. In the default 30 minutes a way of 1Gbps carries some 200GiB, so a guest that is not across by then writes memory faster than the way carries it. Default: `"30m"`. */
  readonly deadline?: pulumi.Input<string>;
  /** Live, when the deadline is reached: `cancel` (it goes on where it is), `stop` (the guest is paused until the rest is sent, however long that takes) or `auto-converge` (its processors are slowed down until the rest fits; cancelled if even that does not help for as long as the deadline again). Default: `"cancel"`. */
  readonly onDeadline?: pulumi.Input<"cancel" | "stop" | "auto-converge">;
  /** How long a move may stand without a single byte sent before it is broken off; the default outlives a link that is down for a few seconds. Default: `"30s"`. */
  readonly stallTimeout?: pulumi.Input<string>;
  /** Cold: how long the guest may take to shut down before its power is cut. Default: `"60s"`. */
  readonly shutdownTimeout?: pulumi.Input<string>;
}
