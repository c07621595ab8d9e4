// What --json prints, as text for docs/cli.md. Stable: fields may be added, none is renamed or removed. The types in
// status/status-shape.ts, move/move-outcome.ts, why/why-report.ts and gpus/gpus-report.ts are the same; a test holds samples against these.

/** `leea status --json`. */
export const statusShape = `
{
  version: 1,
  atMs: number,                     // this machine's clock, ms since 1970
  well: boolean,                    // no problems
  problems: { severity: "error" | "warning", subject: string, what: string, next?: string }[], // worst first
  nodes: {
    host: string,                   // the way to it, as in messages
    state: "ready" | "not-ready" | "unreachable",
    reason?: string,                // why it is not ready
    nodeId?: string, name?: string, agentVersion?: string,
    vms?: number,
    links?: { peerId: string, state: "up" | "down", handshakeAgeMs?: number }[],
    memoryBytes?: number, availableMemoryBytes?: number
  }[],
  vms: {
    vmId: string, name: string, owner: string,
    state: "running" | "stopped" | "crashed" | "moving",
    nodeId: string, node: string,   // node: the host's name
    address?: string,
    mode: "live" | "cold" | "forbid", // how a changed node moves it
    generation: number,
    operation?: {
      operationId: string, kind: string, phase: string, message?: string,
      percent?: number, bytesPerSecond?: number, secondsLeft?: number
    },
    restart?: { because: string, failures: number, degraded: boolean, nextAtMs?: number }, // it will be started again
    waits: string[]                 // what it waits for, in words
  }[]
}
`;

/** `leea move --json` and `leea cancel --json`. */
export const moveShape = `
{
  vmId: string, name: string,
  outcome: "moved" | "already-there" | "possible" | "refused" | "cancelled" | "too-late" | "failed" | "nothing-to-cancel",
  way?: "live" | "cold" | "stopped", // how it moves, or would
  offersCold?: boolean,             // live is refused, and --cold is possible
  from?: string, to?: string,       // node ids
  currentNode?: string,             // where it is now
  operationId?: string,
  reasons?: string[],               // why it was refused
  grounds?: string,                 // why it can move
  figures?: { mode: string, from: string, to: string, totalMs: number, downtimeMs: number,
              ramBytes: number, diskBytes: number, passes: number },
  message?: string
}
`;

/** `leea why --json`. */
export const whyShape = `
{
  vmId: string, name?: string,
  currentNode?: string, state?: string,
  waits: string[], next: string[],  // what it waits for, and what to do
  hosts: {
    host: string, nodeId?: string, reason?: string, // reason: why it could not be asked
    record?: { role: string, generation: number, incarnation: number, wantsToRun: boolean,
               monitorAnswers: boolean, operationId: string, moveId?: string, movedTo?: object }
  }[],
  decisions: { atMs: number, nodeId: string, decision: string, because: string[],
               evidence?: object, moveId?: string }[]  // oldest first
}
`;

/** `leea gpus --json`. */
export const gpusShape = `
{
  version: 1,
  hosts: {
    host: string,                   // the way to it, as in messages
    nodeId?: string, name?: string,
    reason?: string,                // why it could not be asked; then the lists are empty
    missing: { trouble: string, what: string, mend: string }[], // what it lacks to pass devices to guests
    gpus: {
      address: string, vendor: string, model: string, ids: string, kind: string,
      driver?: string, iommuGroup?: string, groupMembers: string[], // the other functions of its group
      totalVfs: number, usedVfs: number,
      profiles: { id: string, name: string, memoryBytes?: number, available?: number }[],
      ways: { mode: string, against: string[] }[],  // against: what stands in the way now
      quotas: string[],             // kinds of quota that its VFs can be given
      bars: { index: number, sizeBytes: number, is64Bit: boolean, isPrefetchable: boolean }[],
      numaNode?: number, label?: string, resetMethods?: string[],
      hostUse: string[],            // how the host itself uses it, and how that is known
      claims: string[]              // who has it or a part of it
    }[],
    partitions: {
      partitionId: string, owner: string, logicalName: string, incarnation: number, spec: object,
      state: "claimed" | "ready" | "lost" | "releasing",
      mode: string, device: string, functions: string[], mdevUuid?: string, iommuGroup?: string,
      profile?: string, vendor: string, model: string,
      liveMigratable: boolean, liveMigrationReason: string,
      quota?: { vramBytes?: number, executionQuantumMs?: number, preemptTimeoutUs?: number, priority?: string }, // as its driver has it
      holder?: { kind: string, id: string }, holderIsGone?: boolean // gone: the host knows that VM no more
    }[]
  }[]
}
with --release:
{
  partitionId: string, name: string, owner: string, host: string,
  outcome: "told" | "released" | "absent" | "kept", // told: without --yes
  message: string
}
`;
