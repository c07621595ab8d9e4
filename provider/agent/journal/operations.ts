// Long work as durable records: an operation survives its caller and this process, and gives the same result however
// often it is asked for. One operation at a time changes a VM.

import { LeeaError } from "../../model/errors";
import type { Operation, OperationKind, Progress } from "../../protocol/operation";
import { toWireError } from "../../protocol/wire-error";
import type { AgentContext } from "../agent-context";
import { pause } from "../migration/poll-until";

const againMs = 1_000;
const keptMs = 48 * 3600 * 1000;
const lookMs = 10;

/** What the work of an operation is given. `signal` aborts when a cancel was asked for. */
export interface Work {
  readonly operationId: string;
  readonly signal: AbortSignal;
  report(progress: Progress): void;
}

/** What to run. `vmId` names the VM that it changes, `partitionId` the GPU partition. */
export interface Job {
  readonly operationId: string;
  readonly kind: OperationKind;
  readonly vmId?: string;
  readonly partitionId?: string;
  run(work: Work): Promise<unknown>;
}

interface Entry {
  operation: Operation;
  readonly abort: AbortController;
  ended: Promise<void>;
  readonly watchers: Set<(operation: Operation) => void>;
}

/** Every operation of this host. */
export class Operations {
  readonly #ctx: AgentContext;
  readonly #entries = new Map<string, Entry>();

  constructor(ctx: AgentContext) {
    this.#ctx = ctx;
  }

  /** Reads what earlier processes left. What was running then is given back for recovery; old ends are dropped. */
  async load(): Promise<readonly Operation[]> {
    const interrupted: Operation[] = [];
    for (const file of await this.#ctx.system.list(this.#folder)) {
      if (!file.endsWith(".json")) continue;
      const operation = JSON.parse(
        (await this.#ctx.system.readText(`${this.#folder}/${file}`)) ?? "null",
      ) as Operation | null;
      if (operation === null) continue;
      if (operation.endedAtMs !== undefined && this.#ctx.system.nowMs() - operation.endedAtMs > keptMs) {
        await this.#ctx.system.remove(`${this.#folder}/${file}`);
        continue;
      }
      this.#entries.set(operation.operationId, {
        operation,
        abort: new AbortController(),
        ended: Promise.resolve(),
        watchers: new Set(),
      });
      if (operation.state === "running") interrupted.push(operation);
    }
    return interrupted;
  }

  /** Starts the job, or gives back the operation of that id if there is one. Error: NOT_ALLOWED_NOW while another changes the VM. */
  async start(job: Job): Promise<Operation> {
    const known = this.#entries.get(job.operationId);
    if (known !== undefined && !isSameJob(known.operation, job)) throw idTaken(job);
    if (known !== undefined) return known.operation;
    const busy = job.vmId === undefined ? undefined : this.running(job.vmId);
    if (busy !== undefined) throw busyError(busy);
    return this.#begin(job);
  }

  /** Runs a job under the id of an interrupted operation to its end. */
  async resume(job: Job): Promise<Operation> {
    return this.#begin(job);
  }

  /** The operation that changes the VM now. */
  running(vmId: string): Operation | undefined {
    for (const { operation } of this.#entries.values())
      if (operation.vmId === vmId && operation.state === "running") return operation;
    return undefined;
  }

  /** How many operations of a kind run now. */
  countRunning(kind: OperationKind): number {
    return [...this.#entries.values()].filter(
      ({ operation }) => operation.kind === kind && operation.state === "running",
    ).length;
  }

  /** One operation. Error: NOT_FOUND. */
  get(operationId: string): Operation {
    return this.#entry(operationId).operation;
  }

  /** Asks a running operation to undo itself; it ends `cancelled`, or otherwise where it is too late. */
  cancel(operationId: string): Operation {
    const entry = this.#entry(operationId);
    entry.abort.abort();
    return entry.operation;
  }

  /** Resolves when the operation has ended. */
  async wait(operationId: string): Promise<Operation> {
    for (;;) {
      await this.#entry(operationId).ended;
      const { operation } = this.#entry(operationId);
      if (operation.state !== "running") return operation;
      await pause(lookMs); // just being written down, or interrupted and not resumed yet
    }
  }

  /** Calls back at each change until the operation ends; gives the way to stop. */
  watch(operationId: string, onChange: (operation: Operation) => void): () => void {
    const entry = this.#entry(operationId);
    entry.watchers.add(onChange);
    return () => entry.watchers.delete(onChange);
  }

  get #folder(): string {
    return `${this.#ctx.paths.state}/journal`;
  }

  #entry(operationId: string): Entry {
    const entry = this.#entries.get(operationId);
    if (entry === undefined)
      throw new LeeaError({
        code: "NOT_FOUND",
        message: `this host knows no operation ${operationId}`,
        hint: "It ended long ago, or it was sent to another host.",
      });
    return entry;
  }

  async #begin(job: Job): Promise<Operation> {
    const operation: Operation = {
      operationId: job.operationId,
      kind: job.kind,
      ...(job.vmId === undefined ? {} : { vmId: job.vmId }),
      ...(job.partitionId === undefined ? {} : { partitionId: job.partitionId }),
      state: "running",
      progress: { phase: "start" },
      startedAtMs: this.#ctx.system.nowMs(),
    };
    const entry: Entry = { operation, abort: new AbortController(), ended: Promise.resolve(), watchers: new Set() };
    this.#entries.set(job.operationId, entry);
    await this.#persist(operation);
    this.#ctx.log.write("info", "operation-started", { operationId: job.operationId, kind: job.kind, vm: job.vmId });
    entry.ended = this.#run(entry, job);
    return operation;
  }

  async #run(entry: Entry, job: Job): Promise<void> {
    const report = (progress: Progress): void => this.#change(entry, { ...entry.operation, progress });
    const outcome = await this.#outcomeOf(entry, job, report);
    const ended = { ...entry.operation, ...outcome, endedAtMs: this.#ctx.system.nowMs() };
    await this.#persistStubbornly(ended);
    this.#change(entry, ended);
  }

  async #outcomeOf(entry: Entry, job: Job, report: Work["report"]): Promise<Partial<Operation>> {
    try {
      const result = await job.run({ operationId: job.operationId, signal: entry.abort.signal, report });
      return { state: "succeeded", result };
    } catch (error) {
      const wire = toWireError(error);
      this.#ctx.log.write("error", "operation-failed", {
        operationId: job.operationId,
        kind: job.kind,
        vm: job.vmId,
        error: wire,
        stack: error instanceof Error && wire.code === "INTERNAL" ? error.stack : undefined,
      });
      return { state: wire.code === "CANCELLED" ? "cancelled" : "failed", error: wire };
    }
  }

  /** A result is told only once it is synced, and never becomes another one: a full disk is waited for. */
  async #persistStubbornly(operation: Operation): Promise<void> {
    for (;;) {
      try {
        return await this.#persist(operation);
      } catch (error) {
        this.#ctx.log.write("error", "result-not-written", {
          operationId: operation.operationId,
          error: String(error),
        });
        await new Promise((resolve) => setTimeout(resolve, againMs));
      }
    }
  }

  #change(entry: Entry, operation: Operation): void {
    entry.operation = operation;
    for (const watcher of entry.watchers) watcher(operation);
  }

  async #persist(operation: Operation): Promise<void> {
    await this.#ctx.system.writeDurable(
      `${this.#folder}/${operation.operationId}.json`,
      `${JSON.stringify(operation)}\n`,
    );
  }
}

function isSameJob(operation: Operation, job: Job): boolean {
  return operation.kind === job.kind && operation.vmId === job.vmId && operation.partitionId === job.partitionId;
}

function busyError(busy: Operation): LeeaError {
  return new LeeaError({
    code: "NOT_ALLOWED_NOW",
    message: `another operation (${busy.kind}, phase ${busy.progress.phase}) is changing VM ${busy.vmId ?? ""}`,
    hint: "Wait for it to end and run again.",
    details: { operationId: busy.operationId, kind: busy.kind },
  });
}

function idTaken(job: Job): LeeaError {
  return new LeeaError({
    code: "PROTOCOL_INVALID",
    message: `operation ${job.operationId} is of another kind or of another thing`,
    hint: "This is a defect in the caller: operation ids must not be used twice.",
  });
}
