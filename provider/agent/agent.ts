// The agent of one host as its handlers see it: surroundings, records, operations, live machines. Put together once,
// in main.ts.

import type { AgentContext } from "./agent-context";
import type { GpuHost } from "./gpu/gpu-host";
import type { Operations } from "./journal/operations";
import type { ExpectedMoves } from "./migration/destination/expected-moves";
import type { AskPeer } from "./peer/call-peer";
import type { Machines } from "./vm/machine/machines";
import type { VmRecords } from "./vm/record/vm-records";

/** Everything that a handler may need. */
export interface Agent {
  readonly ctx: AgentContext;
  readonly records: VmRecords;
  readonly operations: Operations;
  readonly machines: Machines;
  readonly expected: ExpectedMoves;
  readonly gpus: GpuHost;
  /** The way to other agents. */
  readonly askPeer: AskPeer;
  readonly startedAtMs: number;
  /** SHA-256 of the running bundle, hex. */
  readonly bundleHash: string;
}
