// The shape of `leea status --json` (words/json-shapes.ts says the same for readers). Stable: fields may be added, none is
// renamed or removed.

import type { RestartReport } from "../../protocol/vm";

/** One thing that is not well. `next` is what a person can do. */
export interface StatusProblem {
  readonly severity: "error" | "warning";
  readonly subject: string;
  readonly what: string;
  readonly next?: string;
}

/** A link as seen from one host. `down`: no handshake for three minutes. */
export interface LinkStatus {
  readonly peerId: string;
  readonly state: "up" | "down";
  readonly handshakeAgeMs?: number;
}

/** One host. */
export interface NodeStatus {
  readonly host: string;
  readonly state: "ready" | "not-ready" | "unreachable";
  readonly reason?: string;
  readonly nodeId?: string;
  readonly name?: string;
  readonly agentVersion?: string;
  readonly vms?: number;
  readonly links?: readonly LinkStatus[];
  readonly memoryBytes?: number;
  readonly availableMemoryBytes?: number;
}

/** What changes a VM now. */
export interface OperationStatus {
  readonly operationId: string;
  readonly kind: string;
  readonly phase: string;
  readonly message?: string;
  readonly percent?: number;
  readonly bytesPerSecond?: number;
  readonly secondsLeft?: number;
}

/** One VM. */
export interface VmStatus {
  readonly vmId: string;
  readonly name: string;
  readonly owner: string;
  readonly state: string;
  readonly nodeId: string;
  readonly node: string;
  readonly address?: string;
  readonly mode: "live" | "cold" | "forbid";
  readonly generation: number;
  readonly operation?: OperationStatus;
  /** A start that its host plans. */
  readonly restart?: RestartReport;
  readonly waits: readonly string[];
}

/** All of it. */
export interface StatusReport {
  readonly version: 1;
  readonly atMs: number;
  readonly well: boolean;
  readonly problems: readonly StatusProblem[];
  readonly nodes: readonly NodeStatus[];
  readonly vms: readonly VmStatus[];
}
