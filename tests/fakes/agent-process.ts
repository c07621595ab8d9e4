// One life of an agent over a fake host: its own copy of the code, so that nothing in memory outlives it, and a view of
// the host that goes silent when it is killed. Put together as provider/agent/serve.ts does, but without listeners.

import type { Agent } from "../../provider/agent/agent";
import type { openConsole } from "../../provider/agent/console/open-console";
import { openGpuHost } from "../../provider/agent/gpu/gpu-host";
import type { controlHandlers } from "../../provider/agent/handlers/control-handlers";
import type { answerPeer } from "../../provider/agent/handlers/peer-handlers";
import type { HostPaths } from "../../provider/agent/host-paths";
import type { startControlServer } from "../../provider/agent/http/control-server";
import type { Operations } from "../../provider/agent/journal/operations";
import type { LogFields, LogLevel } from "../../provider/agent/log";
import type { describeSource } from "../../provider/agent/migration/describe-move";
import type { ExpectedMoves } from "../../provider/agent/migration/destination/expected-moves";
import type { finishLeaving } from "../../provider/agent/migration/leave-vm";
import type { beginMove } from "../../provider/agent/migration/source/begin-move";
import type { AskPeer } from "../../provider/agent/peer/call-peer";
import type { startPeerServer } from "../../provider/agent/peer/peer-server";
import type { System } from "../../provider/agent/system/system";
import type { Machines } from "../../provider/agent/vm/machine/machines";
import type { noteMachineEnd, noteMachineHalt } from "../../provider/agent/vm/note-machine-end";
import type { loadVmRecords } from "../../provider/agent/vm/record/vm-records";
import type { recoverVms } from "../../provider/agent/vm/recover-vms";
import type { answerVm } from "../../provider/agent/vm/report-vm";
import type { startVm } from "../../provider/agent/vm/start-vm";
import { LeeaError } from "../../provider/model/errors";
import type { FakeSystem } from "./fake-system";

/** The code of an agent, loaded for itself. */
export interface AgentCode {
  readonly answerPeer: typeof answerPeer;
  readonly controlHandlers: typeof controlHandlers;
  readonly openConsole: typeof openConsole;
  readonly startControlServer: typeof startControlServer;
  readonly startPeerServer: typeof startPeerServer;
  readonly beginMove: typeof beginMove;
  readonly describeSource: typeof describeSource;
  readonly startVm: typeof startVm;
  readonly answerVm: typeof answerVm;
  readonly finishLeaving: typeof finishLeaving;
  readonly recoverVms: typeof recoverVms;
  readonly noteMachineEnd: typeof noteMachineEnd;
  readonly noteMachineHalt: typeof noteMachineHalt;
  readonly loadVmRecords: typeof loadVmRecords;
  readonly Operations: typeof Operations;
  readonly ExpectedMoves: typeof ExpectedMoves;
  readonly Machines: typeof Machines;
  readonly LeeaError: typeof LeeaError;
}

const loaded = new Map<number, AgentCode>();

// A killed agent's timers do nothing any more, and must not keep the test's process alive.
for (const name of ["setTimeout", "setInterval"] as const) {
  const real = globalThis[name] as (...args: readonly unknown[]) => NodeJS.Timeout;
  Object.assign(globalThis, { [name]: (...args: readonly unknown[]) => real(...args).unref() });
}

/** A copy of the agent's code that shares no variable with the others. Lives that may overlap need different slots. */
export function agentCode(slot: number): AgentCode {
  let code = loaded.get(slot);
  if (code !== undefined) return code;
  jest.isolateModules(() => {
    code = {
      ...(require("../../provider/agent/handlers/peer-handlers") as object),
      ...(require("../../provider/agent/handlers/control-handlers") as object),
      ...(require("../../provider/agent/console/open-console") as object),
      ...(require("../../provider/agent/http/control-server") as object),
      ...(require("../../provider/agent/peer/peer-server") as object),
      ...(require("../../provider/agent/migration/source/begin-move") as object),
      ...(require("../../provider/agent/migration/describe-move") as object),
      ...(require("../../provider/agent/vm/start-vm") as object),
      ...(require("../../provider/agent/vm/report-vm") as object),
      ...(require("../../provider/agent/migration/leave-vm") as object),
      ...(require("../../provider/agent/vm/recover-vms") as object),
      ...(require("../../provider/agent/vm/note-machine-end") as object),
      ...(require("../../provider/agent/vm/record/vm-records") as object),
      ...(require("../../provider/agent/journal/operations") as object),
      ...(require("../../provider/agent/migration/destination/expected-moves") as object),
      ...(require("../../provider/agent/vm/machine/machines") as object),
      ...(require("../../provider/model/errors") as object),
    } as unknown as AgentCode;
  });
  if (code === undefined) throw new Error("the agent's code was not loaded");
  loaded.set(slot, code);
  return code;
}

/** Where a life begins. `askPeer` is its way to other agents. */
export interface AgentLife {
  readonly slot: number;
  readonly system: FakeSystem;
  readonly paths: HostPaths;
  readonly askPeer: AskPeer;
}

/** An agent that lives until it is killed. */
export class AgentProcess {
  readonly code: AgentCode;
  readonly agent: Agent;
  /** Lines of its log, as `level event {fields}`. */
  readonly log: string[] = [];
  /** Called before each synced write with its path; the number counts them from 1. */
  beforeSync: (count: number, path: string) => void = () => undefined;
  /** The same, after it. */
  afterSync: (count: number, path: string) => void = () => undefined;
  isAlive = true;
  /** How many synced writes this life has begun. */
  syncs = 0;
  private onDeath: ((error: Error) => void)[] = [];

  private constructor(life: AgentLife) {
    this.code = agentCode(life.slot);
    const log = {
      write: (level: LogLevel, event: string, fields?: LogFields) =>
        void this.log.push(`${level} ${event} ${JSON.stringify(fields ?? {})}`),
      child: () => log,
    };
    const ctx = { system: this.viewOf(life.system), paths: life.paths, log };
    this.agent = {
      ctx,
      records: { get: () => undefined, all: () => [], save: async (record) => record, drop: async () => undefined },
      operations: new this.code.Operations(ctx),
      machines: new this.code.Machines(),
      gpus: {
        ctx,
        records: { get: () => undefined, all: () => [], save: async (record) => record },
        knowsVm: () => false,
      },
      expected: new this.code.ExpectedMoves(ctx),
      askPeer: (peer, verb, call) => this.whileAlive(() => life.askPeer(peer, verb, call)),
      startedAtMs: Date.now(),
      bundleHash: "0".repeat(64),
    };
  }

  /** Starts a life: reads the disk, adopts what runs, ends what was interrupted. */
  static async start(life: AgentLife): Promise<AgentProcess> {
    const process = new AgentProcess(life);
    const { agent, code } = process;
    const records = await code.loadVmRecords(agent.ctx);
    Object.assign(agent, { records, gpus: await openGpuHost(agent.ctx, records) });
    agent.machines.onEnd((machine) => void code.noteMachineEnd(agent, machine));
    agent.machines.onHalt((machine, halt) => void code.noteMachineHalt(agent, machine, halt));
    await agent.expected.load();
    const interrupted = await agent.operations.load();
    await code.recoverVms(agent, interrupted);
    return process;
  }

  /** kill -9: nothing that it began goes on, its monitors close, whoever waits for its answer gets none. */
  kill(): void {
    if (!this.isAlive) return;
    this.isAlive = false;
    for (const { vmId } of this.agent.records.all()) this.agent.machines.get(vmId)?.qmp.close();
    const error = new LeeaError({ code: "HOST_UNREACHABLE", message: "the agent ended while it answered" });
    for (const tell of this.onDeath) tell(error);
  }

  /** What another agent gets of this one: its answer, or the end of the connection. */
  answering<T>(act: () => Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      this.onDeath.push(reject);
      act().then(resolve, reject);
    });
  }

  private viewOf(system: FakeSystem): System {
    const calls =
      (name: keyof System) =>
      (...args: readonly unknown[]) =>
        this.whileAlive(() => (system[name] as (...given: readonly unknown[]) => Promise<unknown>)(...args));
    const names = [
      ...[
        "run",
        "startDaemon",
        "isAlive",
        "markOf",
        "argvOf",
        "listPids",
        "signal",
        "readText",
        "writeText",
        "appendText",
      ],
      ...["makeFolder", "remove", "list", "exists", "factsOf", "readLink", "setOwner"],
    ] as (keyof System)[];
    return {
      ...(Object.fromEntries(names.map((name) => [name, calls(name)])) as unknown as System),
      writeDurable: (path, text, mode) => this.writeDurable(system, path, text, mode),
      nowMs: () => system.nowMs(),
      randomBytes: (count) => system.randomBytes(count),
    };
  }

  private async writeDurable(
    system: FakeSystem,
    path: string,
    text: string | Uint8Array,
    mode?: number,
  ): Promise<void> {
    this.syncs += 1;
    const count = this.syncs;
    if (this.isAlive) this.beforeSync(count, path);
    await this.whileAlive(() => system.writeDurable(path, text, mode));
    this.afterSync(count, path);
    await this.whileAlive(async () => undefined);
  }

  /** A killed agent does nothing more: what it asked for is never answered. */
  private whileAlive<T>(act: () => Promise<T>): Promise<T> {
    if (!this.isAlive) return new Promise<T>(() => undefined);
    return new Promise((resolve, reject) => {
      act().then(
        (value) => this.isAlive && resolve(value),
        (error: unknown) => this.isAlive && reject(this.ownError(error)),
      );
    });
  }

  /** The host's errors are of the test's class; this copy of the code knows its own. */
  private ownError(error: unknown): Error {
    if (!(error instanceof LeeaError)) return error as Error;
    const { code, message, hint, details, cause } = error;
    return new this.code.LeeaError({ code, message, hint, details, cause });
  }
}
