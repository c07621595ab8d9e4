// What is said about GPU partitions between controller and agent.

import type { MissingForGpu } from "../model/gpu/host/host-readiness";
import type { GpuMode, PartitionHolder, PartitionSpec } from "../model/gpu/partition-record";
import type { GpuReport } from "../model/gpu/plan/describe-gpus";
import type { PartitionQuota } from "../model/gpu/quota/partition-quota";
import type { GpuTrouble } from "../model/gpu/refusal/gpu-trouble";
import type { Operation, OperationId } from "./operation";

/** What a host has: what it lacks to pass devices, its GPUs, and every partition that is not released. */
export interface GpuInventory {
  readonly missing: readonly MissingForGpu[];
  readonly gpus: readonly GpuReport[];
  readonly partitions: readonly PartitionReport[];
}

/** Asks what a put would do. Nothing changes by asking. */
export interface CheckPartitionRequest {
  readonly spec: PartitionSpec;
}

/** What a put would make, or every reason against it with its name; the two lists go together. */
export interface CheckPartitionAnswer {
  readonly reasons: readonly string[];
  readonly troubles: readonly GpuTrouble[];
  readonly choice?: PartitionChoice;
}

/** `because` and `passedOver` are sentences. */
export interface PartitionChoice {
  readonly mode: GpuMode;
  readonly device: string;
  /** Name or address of what the guest would get, for people. */
  readonly part: string;
  readonly because: string;
  readonly passedOver: readonly string[];
}

/** Answer to a question about one partition. */
export type PartitionAnswer =
  | { readonly found: "here"; readonly report: PartitionReport }
  | { readonly found: "absent" };

/** Make, adopt or make again. The same operation id gives the same result. */
export interface PutPartitionRequest {
  readonly operationId: OperationId;
  readonly owner: string;
  readonly logicalName: string;
  readonly spec: PartitionSpec;
  /** True for a resource that Pulumi or Terraform makes now: adopting raises the incarnation. */
  readonly creating: boolean;
}

/** Release. `incarnation` is what the caller's state says: an older one than the host's touches nothing. */
export interface DeletePartitionRequest {
  readonly operationId: OperationId;
  readonly incarnation: number;
}

/**
 * How a partition stands. `lost`: it was made, and the host has it no more (a boot, a driver that was loaded anew, a card that
 * was taken out); a put makes it again.
 */
export type PartitionState = "claimed" | "ready" | "lost" | "releasing";

/** What the host says of a partition now. */
export interface PartitionReport {
  readonly partitionId: string;
  readonly owner: string;
  readonly logicalName: string;
  readonly spec: PartitionSpec;
  readonly incarnation: number;
  readonly state: PartitionState;
  readonly mode: GpuMode;
  /** Address of the card; of a VF its PF. */
  readonly device: string;
  /** Addresses of the functions that a guest gets; empty for a mediated device. */
  readonly functions: readonly string[];
  readonly mdevUuid?: string;
  readonly iommuGroup?: string;
  /** Name of the type. */
  readonly profile?: string;
  /** A VF's share as its driver has it now; absent where it has no such thing. */
  readonly quota?: PartitionQuota;
  /** Names by pci.ids, or ids. */
  readonly vendor: string;
  readonly model: string;
  readonly liveMigratable: boolean;
  readonly liveMigrationReason: string;
  readonly holder?: PartitionHolder;
  /** The host knows no such VM any more: the partition is offered for clean-up, and nobody takes it by itself. */
  readonly holderIsGone?: boolean;
}

/** Answer to a release. `kept`: a newer incarnation has it. */
export interface DeletePartitionAnswer {
  readonly result: "released" | "absent" | "kept";
}

/** Body and answer of the verbs about GPUs; their routes are in verbs.ts. */
export interface GpuVerbTypes {
  listGpus: { body: void; answer: GpuInventory };
  getGpuPartition: { body: void; answer: PartitionAnswer };
  checkGpuPartition: { body: CheckPartitionRequest; answer: CheckPartitionAnswer };
  putGpuPartition: { body: PutPartitionRequest; answer: Operation };
  deleteGpuPartition: { body: DeletePartitionRequest; answer: Operation };
}
