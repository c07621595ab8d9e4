// One agent over one fake host, without other hosts: for the parts that act on records, files and programs alone.

import type { Agent } from "../../provider/agent/agent";
import type { AgentContext } from "../../provider/agent/agent-context";
import { openGpuHost } from "../../provider/agent/gpu/gpu-host";
import { hostPaths } from "../../provider/agent/host-paths";
import { Operations } from "../../provider/agent/journal/operations";
import type { LogFields, LogLevel } from "../../provider/agent/log";
import { ExpectedMoves } from "../../provider/agent/migration/destination/expected-moves";
import { Machines } from "../../provider/agent/vm/machine/machines";
import { loadVmRecords } from "../../provider/agent/vm/record/vm-records";
import type { VmRecord } from "../../provider/model/ownership";
import type { VmSpec } from "../../provider/model/vm-spec";
import { FakeIp } from "./fake-ip";
import { FakeSystem, giveFilePrograms } from "./fake-system";

/** A host with its agent's surroundings. `log` holds `level event`. */
export interface FakeHostAgent {
  readonly system: FakeSystem;
  readonly ip: FakeIp;
  readonly ctx: AgentContext;
  readonly log: string[];
  /** Put together anew from what is on the disk, as a restart does. */
  readonly restart: () => Promise<Agent>;
}

/** A host with the usual programs and nothing of ours on it. */
export function fakeHostAgent(storage?: string): FakeHostAgent {
  const system = new FakeSystem();
  giveFilePrograms(system);
  const ip = new FakeIp(system);
  const lines: string[] = [];
  const log = {
    write: (level: LogLevel, event: string, _fields?: LogFields) => void lines.push(`${level} ${event}`),
    child: () => log,
  };
  const ctx = { system, paths: hostPaths(storage), log };
  const restart = async (): Promise<Agent> => {
    const operations = new Operations(ctx);
    const expected = new ExpectedMoves(ctx);
    await operations.load();
    await expected.load();
    const records = await loadVmRecords(ctx);
    const askPeer = () => Promise.reject(new Error("this host has no peer"));
    const gpus = await openGpuHost(ctx, records);
    const machines = new Machines();
    return { ctx, records, operations, expected, machines, gpus, askPeer, startedAtMs: 0, bundleHash: "0" };
  };
  return { system, ip, ctx, log: lines, restart };
}

/** The id of a VM that tests use. */
export const someVmId = "a".repeat(26);

/** A spec without disks and interfaces, changed as asked. */
export function someSpec(change: Partial<VmSpec> = {}): VmSpec {
  return {
    name: "web",
    vcpus: 1,
    memoryBytes: 64 * 2 ** 20,
    cpu: "portable",
    disks: [],
    nics: [],
    migration: { downtimeLimitMs: 30 },
    powerState: "running",
    ...change,
  };
}

/** A record of a VM that this host owns and that does not run, changed as asked. */
export function someRecord(change: Partial<VmRecord> = {}): VmRecord {
  return {
    vmId: someVmId,
    owner: "o/p/s",
    logicalName: "web",
    role: "owner",
    generation: 1,
    incarnation: 1,
    spec: someSpec(),
    pins: { machine: "pc-q35-10.0", cpuModel: "qemu64", macs: [], accelerator: "tcg" },
    uid: 900_000,
    operationId: "put-000001",
    wantsToRun: false,
    ...change,
  };
}
