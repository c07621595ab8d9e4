// What this host says of a VM: read from QEMU and from the record, never from what was asked for.

import { isLeeaError } from "../../model/errors";
import type { VmRecord } from "../../model/ownership";
import type { MovedVm, VmAnswer, VmReport } from "../../protocol/vm";
import type { Agent } from "../agent";
import { readIdentity } from "../mesh/identity";
import type { QmpRunState } from "../qmp/commands";
import { readPlugged } from "./gpus/plugged-gpus";
import type { Machine } from "./machine/machines";
import { readRestart } from "./restart/keep-running";

const statusTimeoutMs = 5_000;

/** The report of a VM that this host owns or moves. */
export async function reportVm(agent: Agent, record: VmRecord): Promise<VmReport> {
  const operation = agent.operations.running(record.vmId);
  const moving = record.role !== "owner" || operation?.kind === "move-vm";
  const { nodeId } = await readIdentity(agent.ctx);
  const restart = readRestart(agent, record.vmId);
  const gpus = await pluggedIn(agent, record);
  return {
    vmId: record.vmId,
    owner: record.owner,
    logicalName: record.logicalName,
    nodeId,
    state: moving ? "moving" : await runState(agent, record.vmId),
    generation: record.generation,
    incarnation: record.incarnation,
    spec: record.spec,
    accelerator: record.pins.accelerator,
    machine: record.pins.machine,
    ...(record.pins.address === undefined ? {} : { address: record.pins.address }),
    ...(record.bootedAtMs === undefined ? {} : { bootedAtMs: record.bootedAtMs }),
    ...(record.lastMigration === undefined ? {} : { lastMigration: record.lastMigration }),
    ...(gpus === undefined ? {} : { gpus }),
    ...(operation === undefined ? {} : { operationId: operation.operationId }),
    ...(restart === undefined ? {} : { restart }),
  };
}

/** The VMs that this host owns or moves, and those that went from here to elsewhere. */
export async function listVms(agent: Agent): Promise<{ vms: readonly VmReport[]; moved: readonly MovedVm[] }> {
  const records = agent.records.all();
  const here = records.filter(({ role }) => role === "owner" || role === "incoming" || role === "released");
  const moved = records.flatMap(({ role, vmId, spec, owner, movedTo }) =>
    role === "former" && movedTo !== undefined ? [{ vmId, name: spec.name, owner, movedTo }] : [],
  );
  return { vms: await Promise.all(here.map((record) => reportVm(agent, record))), moved };
}

/** The answer to a question about one VM. */
export async function answerVm(agent: Agent, vmId: string): Promise<VmAnswer> {
  const record = agent.records.get(vmId);
  if (record?.role === "former" && record.movedTo !== undefined) return { found: "moved", movedTo: record.movedTo };
  if (record === undefined || record.role === "abandoned") return { found: "absent" };
  if (record.role === "deleted") return absentSoon(agent, vmId);
  return { found: "here", report: await reportVm(agent, record) };
}

/** A deletion that began may outlive whoever asked for it: the next one is to wait for its end. */
function absentSoon(agent: Agent, vmId: string): VmAnswer {
  const operation = agent.operations.running(vmId);
  return { found: "absent", ...(operation?.kind === "delete-vm" ? { operationId: operation.operationId } : {}) };
}

/** A monitor that says nothing now tells of no GPU: the rest of the report is worth more than waiting for it. */
async function pluggedIn(agent: Agent, { vmId, spec, qemu }: VmRecord): Promise<readonly string[] | undefined> {
  const qmp = agent.machines.get(vmId)?.qmp;
  if (qmp === undefined || (spec.gpus === undefined && qemu?.gpuPorts === undefined)) return undefined;
  return readPlugged(qmp).then(
    (plugged) => [...plugged.keys()].sort(),
    () => undefined,
  );
}

/** From the record of this moment: one that was read before may say of a guest that has powered off since that it is to run. */
async function runState(agent: Agent, vmId: string): Promise<VmReport["state"]> {
  const machine = agent.machines.get(vmId);
  if (machine === undefined) return agent.records.get(vmId)?.wantsToRun === true ? "crashed" : "stopped";
  const status = await readStatus(machine);
  // Its QEMU ended as it was asked: what is there now is told, perhaps the next one.
  if (status === undefined) return runState(agent, vmId);
  if (status === "running") return "running";
  return status === "guest-panicked" || status === "internal-error" || status === "io-error" ? "crashed" : "stopped";
}

/** QEMU's own word; undefined for one that ended meanwhile, and is on no list any more. Errors: TIMED_OUT. */
async function readStatus({ qmp }: Machine): Promise<QmpRunState | undefined> {
  try {
    return (await qmp.execute("query-status", {}, { timeoutMs: statusTimeoutMs })).status;
  } catch (error) {
    if (!isLeeaError(error, "QMP_CLOSED")) throw error;
    await qmp.closed;
    return undefined;
  }
}
