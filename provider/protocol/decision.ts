// What a host decided about a VM, and why: the lines that `leea why` merges from every host that knows the VM.

import type { MovedTo, Role } from "../model/ownership";

/** One decision as its host wrote it down. `atMs`: that host's clock, ms since 1970. Never holds a secret. */
export interface Decision {
  readonly atMs: number;
  /** A word or two in lower case with hyphens, in the past tense: `started`, `move-begun`, `released`. */
  readonly decision: string;
  /** The reasons, as sentences for people. */
  readonly because: readonly string[];
  /** What was seen when it was decided: states, figures, names. */
  readonly evidence?: Readonly<Record<string, unknown>>;
  readonly moveId?: string;
}

/** What a host's ownership record says of a VM, without its spec. `monitorAnswers`: the agent holds its QEMU. */
export interface RecordSummary {
  readonly name: string;
  readonly owner: string;
  readonly logicalName: string;
  readonly role: Role;
  readonly generation: number;
  readonly incarnation: number;
  readonly wantsToRun: boolean;
  readonly operationId: string;
  readonly monitorAnswers: boolean;
  readonly moveId?: string;
  readonly movedTo?: MovedTo;
}

/** A host's own story of a VM, oldest first. `record` is absent where the host holds none. */
export interface DecisionsAnswer {
  readonly nodeId: string;
  readonly decisions: readonly Decision[];
  readonly record?: RecordSummary;
}
