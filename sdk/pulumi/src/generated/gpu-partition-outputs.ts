// Generated from schema/ by `npm run generate`; never edited by hand.

import type * as pulumi from "@pulumi/pulumi";
import { ResourceBase } from "../resource-base";
import type { GpuQuota, GpuQuotaInForce, GpuSelector } from "./types";

/** Names of all that a program may read of a GpuPartition; one that is not registered would be no Output. */
export const gpuPartitionOutputNames = ["name","node","device","mode","profile","vfs","quota","partitionId","chosenMode","address","functions","mdevUuid","iommuGroup","profileName","vendor","model","quotaInForce","liveMigratable","liveMigrationReason","state","heldBy","incarnation"] as const;

/** A GPU of a host, or a hardware-isolated part of one. Creating it takes the device from the host's drivers; deleting it gives it back as it was. Holds the typed outputs. */
export abstract class GpuPartitionOutputs extends ResourceBase {
  /** Name of the partition; absent means the resource's logical name. */
  declare readonly name: pulumi.Output<string>;
  /** Id of the host whose GPU it is. */
  declare readonly node: pulumi.Output<string>;
  /** The device: one by its address, or the first free one that matches all that is given. */
  declare readonly device: pulumi.Output<GpuSelector>;
  /** How it is made: `passthrough` (the whole device), `sriov` (a VF), `mdev` (a mediated device), `vendor-vfio` (a VF that its vendor's driver gives a type) or `auto` (the best that the device offers; the preview says which and why). Default: `"auto"`. */
  declare readonly mode: pulumi.Output<"auto" | "passthrough" | "sriov" | "mdev" | "vendor-vfio">;
  /** Type of the partition by name or id, for `mdev` and `vendor-vfio` (`L40S-1Q`, `nvidia-63`). */
  declare readonly profile: pulumi.Output<string | undefined>;
  /** Number of VFs that the device is split into, for `sriov`; absent means as many as it has. All partitions of one device must agree. */
  declare readonly vfs: pulumi.Output<number | undefined>;
  /** The VF's share of its device, for `sriov` on a driver that has such quotas (Intel's xe); what is left out stays as the driver has it. */
  declare readonly quota: pulumi.Output<GpuQuota | undefined>;
  /** Id of the partition. */
  declare readonly partitionId: pulumi.Output<string>;
  /** How it was made, also where `mode` is `auto`. */
  declare readonly chosenMode: pulumi.Output<string>;
  /** PCI address of the device; of a VF the VF's own. */
  declare readonly address: pulumi.Output<string>;
  /** PCI addresses of all functions that the guest gets; empty for a mediated device. */
  declare readonly functions: pulumi.Output<readonly string[]>;
  /** Uuid of the mediated device. */
  declare readonly mdevUuid: pulumi.Output<string | undefined>;
  /** IOMMU group; it may change when the host boots. */
  declare readonly iommuGroup: pulumi.Output<string>;
  /** Name of the partition's type. */
  declare readonly profileName: pulumi.Output<string | undefined>;
  /** Maker as the guest sees it. */
  declare readonly vendor: pulumi.Output<string>;
  /** Model as the guest sees it. */
  declare readonly model: pulumi.Output<string>;
  /** The VF's share as its driver has it now; absent where it has none. */
  declare readonly quotaInForce: pulumi.Output<GpuQuotaInForce | undefined>;
  /** Whether a VM that has it can move live, as far as the host can tell; otherwise it is ejected for the move. */
  declare readonly liveMigratable: pulumi.Output<boolean>;
  /** Why. */
  declare readonly liveMigrationReason: pulumi.Output<string>;
  /** `ready`, `lost` (the host has it no more; an update makes it again), `claimed` (being made), `releasing` or `unreachable`. */
  declare readonly state: pulumi.Output<string>;
  /** Id of the VM that it is given to. */
  declare readonly heldBy: pulumi.Output<string | undefined>;
  /** How often it has been created or adopted. */
  declare readonly incarnation: pulumi.Output<number>;
}
