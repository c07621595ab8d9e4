// Generated from schema/ by `npm run generate`; never edited by hand.

import type * as pulumi from "@pulumi/pulumi";
import { ResourceBase } from "../resource-base";
import type { Disk, FileContent, GpuReference, KernelBoot, LastMigration, Migration, Nic } from "./types";

/** Names of all that a program may read of a VM; one that is not registered would be no Output. */
export const vmOutputNames = ["name","node","vcpus","memory","cpu","boot","disks","nics","gpus","migration","restart","powerState","allowDataLoss","vmId","address","currentNode","state","gpusInMachine","accelerator","isolation","bootedAt","generation","incarnation","contents","lastMigration"] as const;

/** A virtual machine on a host. Changing `node` moves it live to the other host. Holds the typed outputs. */
export abstract class VMOutputs extends ResourceBase {
  /** Name of the VM; absent means the resource's logical name. */
  declare readonly name: pulumi.Output<string>;
  /** Id of the host that it is to run on. */
  declare readonly node: pulumi.Output<string>;
  /** Virtual processors. */
  declare readonly vcpus: pulumi.Output<number>;
  /** Memory. */
  declare readonly memory: pulumi.Output<string>;
  /** CPU model: `portable` (x86-64-v2, runs and moves everywhere) or `host` (every feature of this host, limits where it can move). Default: `"portable"`. */
  declare readonly cpu: pulumi.Output<"portable" | "host">;
  /** Direct kernel boot; absent means that the first disk boots. */
  declare readonly boot: pulumi.Output<KernelBoot | undefined>;
  /** Disks, in the order in which the guest sees them. Default: `[]`. */
  declare readonly disks: pulumi.Output<readonly Disk[]>;
  /** Network interfaces; absent means one in the mesh. Default: `[{"mesh":{}}]`. */
  declare readonly nics: pulumi.Output<readonly Nic[]>;
  /** GPU partitions that it takes. Of those listed it uses the ones on the host that it is on, so that the ones on another host can be listed for a move. Its guest goes on running while they change, where its machine has a port free; else it restarts. Default: `[]`. */
  declare readonly gpus: pulumi.Output<readonly GpuReference[]>;
  /** How the VM moves when its `node` changes. */
  declare readonly migration: pulumi.Output<Migration | undefined>;
  /** Whether it starts again by itself: `never`, `on-failure` (after a crash, and when its host boots) or `always` (also after the guest has shut itself down). Default: `"on-failure"`. */
  declare readonly restart: pulumi.Output<"never" | "on-failure" | "always">;
  /** Whether it runs. Default: `"running"`. */
  declare readonly powerState: pulumi.Output<"running" | "stopped">;
  /** Permit an update that drops a disk which holds data. Default: `false`. */
  declare readonly allowDataLoss: pulumi.Output<boolean>;
  /** Id of the VM, the same wherever it runs. */
  declare readonly vmId: pulumi.Output<string>;
  /** IPv4 address in the mesh. */
  declare readonly address: pulumi.Output<string>;
  /** Id of the host that it runs on. */
  declare readonly currentNode: pulumi.Output<string>;
  /** `running`, `stopped`, `crashed`, `moving` or `unreachable`. */
  declare readonly state: pulumi.Output<string>;
  /** Ids of the GPU partitions that are in its machine; empty where it does not run. */
  declare readonly gpusInMachine: pulumi.Output<readonly string[]>;
  /** `kvm` or `tcg`. */
  declare readonly accelerator: pulumi.Output<string>;
  /** `hardware`, or `emulated` under TCG, where QEMU promises none. */
  declare readonly isolation: pulumi.Output<string>;
  /** Time of its last start, ISO 8601. */
  declare readonly bootedAt: pulumi.Output<string>;
  /** How often it has changed hosts, plus one. */
  declare readonly generation: pulumi.Output<number>;
  /** How often it has been created or adopted. */
  declare readonly incarnation: pulumi.Output<number>;
  /** Files of this machine that the VM was made from. */
  declare readonly contents: pulumi.Output<readonly FileContent[]>;
  /** The last move. */
  declare readonly lastMigration: pulumi.Output<LastMigration | undefined>;
}
