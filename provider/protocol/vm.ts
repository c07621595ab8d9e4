// What is said about VMs between controller and agent.

import type { MovedTo, MoveFigures } from "../model/ownership";
import type { GpuReference, MigrationSpec, VmSpec } from "../model/vm-spec";
import type { NodeDescriptor } from "./node";
import type { OperationId, VmId } from "./operation";

/** Create, adopt or change a VM. The same operation id gives the same result. */
export interface PutVmRequest {
  readonly operationId: OperationId;
  readonly owner: string;
  readonly logicalName: string;
  readonly spec: VmSpec;
  /** True for a resource that Pulumi or Terraform makes now: adopting raises the incarnation. */
  readonly creating: boolean;
  readonly allowDataLoss: boolean;
  /** Node id of the host that this host's record says the VM went to, after the caller asked it and found the VM deleted there. */
  readonly confirmedGoneFrom?: string;
}

/** What QEMU and the host say of a VM now. */
export interface VmReport {
  readonly vmId: string;
  readonly owner: string;
  readonly logicalName: string;
  readonly nodeId: string;
  readonly state: "running" | "stopped" | "crashed" | "moving";
  readonly generation: number;
  readonly incarnation: number;
  readonly spec: VmSpec;
  readonly address?: string;
  readonly accelerator: "kvm" | "tcg";
  readonly machine: string;
  readonly bootedAtMs?: number;
  readonly lastMigration?: MoveFigures;
  /** Ids of the GPU partitions that are in its machine now, by QEMU's word; absent where it names none, or does not run. */
  readonly gpus?: readonly string[];
  /** The operation that is changing it now. */
  readonly operationId?: string;
  /** Set while it is wanted running, does not run, and will be started again by its host. */
  readonly restart?: RestartReport;
}

/** A start that is planned. `degraded`: it failed again and again. `nextAtMs`: ms since 1970, by the host's clock. */
export interface RestartReport {
  /** A sentence: why it ended, or what its start waits for. */
  readonly because: string;
  readonly failures: number;
  readonly degraded: boolean;
  readonly nextAtMs?: number;
}

/** A VM that was on this host and went elsewhere. */
export interface MovedVm {
  readonly vmId: string;
  readonly name: string;
  readonly owner: string;
  readonly movedTo: MovedTo;
}

/** Answer to a question about one VM. `operationId`: the deletion that is still taking it away; not told by older agents. */
export type VmAnswer =
  | { readonly found: "here"; readonly report: VmReport }
  | { readonly found: "moved"; readonly movedTo: MovedTo }
  | { readonly found: "absent"; readonly operationId?: OperationId };

/** Delete. `incarnation` is what the caller's state says: an older one than the host's touches nothing. */
export interface DeleteVmRequest {
  readonly operationId: OperationId;
  readonly owner: string;
  readonly incarnation: number;
}

/** What the host that is to take a VM is asked before anything is done. Nothing changes by asking. */
export interface MoveNeeds {
  readonly vmId: string;
  readonly vcpus: number;
  readonly memoryBytes: number;
  readonly diskBytes: number;
  readonly machine: string;
  readonly cpuModel: string;
  readonly accelerator: "kvm" | "tcg";
  readonly qemuVersion: string;
  readonly bridges: readonly string[];
  readonly meshId?: string;
  /**
   * GPU partitions of all hosts that the VM names; absent means none.
   * @maxItems 64
   */
  readonly gpus?: readonly GpuReference[];
}

/** What a source says of a VM that may be moved. `blockers` are QEMU's own and the agent's. */
export interface MoveSourceReport {
  readonly needs: MoveNeeds;
  readonly state: VmReport["state"];
  readonly blockers: readonly string[];
  /** What also forbids a move while it does not run. Absent: the agent knows of none but live moves. */
  readonly coldBlockers?: readonly string[];
  /** Its GPUs' own part; absent where it names none. `blockers` are QEMU's words on passed devices. */
  readonly gpus?: { readonly ports: number; readonly plugged: number; readonly blockers: readonly string[] };
}

/** What a destination has. */
export interface MoveDestinationReport {
  readonly nodeId: string;
  readonly reachableInMesh: boolean;
  readonly meshId?: string;
  readonly qemuVersion?: string;
  readonly machines: readonly string[];
  readonly accelerators: readonly string[];
  readonly availableMemoryBytes: number;
  readonly cpus: number;
  readonly storageFreeBytes: number;
  readonly missingBridges: readonly string[];
  /** CPUID vendor of its processors; absent where it is none of these, or the agent is older. */
  readonly cpuVendor?: "GenuineIntel" | "AuthenticAMD";
  /** A record of this VM that forbids to take it; absent where there is none. */
  readonly holds?: string;
  /** What stands against the partitions here that the VM names; absent where it names none, and from older agents. */
  readonly gpuReasons?: readonly string[];
  /** Partitions here that no VM has, as `name (vendor model)`; told where the VM names GPUs and none of them is here. */
  readonly freeGpus?: readonly string[];
}

/** Tells a destination, over its own SSH side, that a source may bring this VM by this move. */
export interface ExpectMoveRequest {
  readonly moveId: OperationId;
  readonly vmId: VmId;
  readonly source: NodeDescriptor;
}

/** Tells the source to move. The source agent owns the job from here. */
export interface MoveVmRequest {
  readonly operationId: OperationId;
  readonly owner: string;
  readonly destination: NodeDescriptor;
  /** The declared, non-secret way to the destination, kept so that the VM can be found again. */
  readonly destinationConnection: unknown;
  /** How it is to move, as declared now; absent means as its record says. */
  readonly migration?: MigrationSpec;
  /** `carry`: QEMU sends the state of its GPUs. Absent: they are ejected before a live move and plugged in after it. */
  readonly gpus?: "carry";
}

/** Result of a move operation. */
export interface MoveResult {
  readonly figures: MoveFigures;
  readonly generation: number;
}
