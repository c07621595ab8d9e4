// Starts VMs again that ended by themselves, or with their host, as the pure rule says (model/restart). What stands in
// the way is kept as a sentence for the report. It starts a VM only under its record's `owner`, as an operation of its
// own, so that no other change of the VM runs beside it.

import type { VmRecord } from "../../../model/ownership";
import { decideRestart, type MachineEnd } from "../../../model/restart/decide-restart";
import { restartDefault } from "../../../model/vm-spec";
import type { RestartReport } from "../../../protocol/vm";
import type { Agent } from "../../agent";
import { takeTurn } from "../../mesh/take-turn";
import { noteDecision } from "../record/decision-log";
import { startVm } from "../start-vm";
import { claimVm } from "./claim-vm";
import { readRestartNote, writeRestartNote } from "./restart-note";

interface Plan extends RestartReport {
  readonly timer: NodeJS.Timeout;
}

const plans = new WeakMap<Agent, Map<string, Plan>>();
const firstAskMs = 2_000;
const longestAskMs = 30_000;
const longestTimerMs = 5 * 60_000;

/** Decides after an end and plans the start. An operation that changes the VM comes first; a start already planned stays. */
export async function keepRunning(agent: Agent, vmId: string, end: MachineEnd): Promise<void> {
  for (let busy = agent.operations.running(vmId); busy !== undefined; busy = agent.operations.running(vmId))
    await agent.operations.wait(busy.operationId);
  const record = agent.records.get(vmId);
  if (record?.role !== "owner" || plansOf(agent).has(vmId) || (await stands(agent, vmId))) return;
  const note = await readRestartNote(agent.ctx, vmId);
  const nowMs = agent.ctx.system.nowMs();
  const decision = decideRestart({
    policy: record.spec.restart ?? restartDefault,
    wantsToRun: record.wantsToRun,
    end,
    history: note,
    nowMs,
  });
  if (decision.act === "leave") return tell(agent, record, { decision: "left-stopped", because: decision.because });
  if (plansOf(agent).has(vmId)) return; // another end was told meanwhile
  // A start that an earlier agent had decided keeps its time.
  const atMs =
    note.dueAtMs === undefined || end === "host-down" ? decision.atMs : Math.min(note.dueAtMs, nowMs + longestTimerMs);
  const failures = note.dueAtMs === undefined ? decision.failures : note.failures;
  await writeRestartNote(agent.ctx, vmId, { ...note, failures, dueAtMs: atMs });
  tell(agent, record, { decision: "restart-planned", because: decision.because, failures, inMs: atMs - nowMs });
  plan(agent, vmId, { because: decision.because, failures, degraded: decision.degraded, nextAtMs: atMs }, firstAskMs);
}

/** Why a VM does not run and when it is tried again; undefined where nothing is planned. */
export function readRestart(agent: Agent, vmId: string): RestartReport | undefined {
  const found = plansOf(agent).get(vmId);
  if (found === undefined) return undefined;
  const { timer: _timer, ...report } = found;
  return report;
}

/** Lets a start that has begun come to its end, so that a change asked for now is not refused because of it. */
export async function awaitRestart(agent: Agent, vmId: string): Promise<void> {
  const busy = agent.operations.running(vmId);
  if (busy?.kind === "restart-vm") await agent.operations.wait(busy.operationId);
}

function plan(agent: Agent, vmId: string, report: RestartReport, askMs: number): void {
  const waitMs = Math.max(0, (report.nextAtMs ?? 0) - agent.ctx.system.nowMs());
  const timer = setTimeout(
    () => {
      startAgain(agent, vmId, report, askMs).catch((error: unknown) => {
        plansOf(agent).delete(vmId);
        agent.ctx.log.write("error", "restart-failed", { vm: vmId, error: String(error) });
      });
    },
    Math.min(waitMs, longestTimerMs),
  ).unref();
  plansOf(agent).set(vmId, { ...report, timer });
}

/** The time has come: the others are asked where the record may be of another time, then the VM starts. */
async function startAgain(agent: Agent, vmId: string, report: RestartReport, askMs: number): Promise<void> {
  const claim = await claimVm(agent, vmId, report.because);
  if (claim.act === "wait") {
    const nextAtMs = agent.ctx.system.nowMs() + askMs;
    return plan(agent, vmId, { ...report, because: claim.because, nextAtMs }, Math.min(askMs * 2, longestAskMs));
  }
  const started =
    claim.act === "start" ? await takeTurn(agent.ctx, "start-again", () => start(agent, vmId, report)) : true;
  plansOf(agent).delete(vmId);
  if (!started) await keepRunning(agent, vmId, "start-failed");
  else if (await isWanted(agent, vmId)) await keepRunning(agent, vmId, "crashed"); // it ended while the start was written down
}

/** One at a time, so that a host which boots is not overrun. Gives false where the start failed. */
async function start(agent: Agent, vmId: string, report: RestartReport): Promise<boolean> {
  await awaitOthers(agent, vmId);
  if (!(await isWanted(agent, vmId))) return true;
  const nowMs = agent.ctx.system.nowMs();
  await writeRestartNote(agent.ctx, vmId, { failures: report.failures, lastStartAtMs: nowMs });
  const { operationId } = await agent.operations.start({
    operationId: `restart-${vmId.slice(0, 10)}-${nowMs.toString(36)}`,
    kind: "restart-vm",
    vmId,
    run: async (work) => {
      const record = agent.records.get(vmId);
      if (record === undefined || !(await isWanted(agent, vmId))) return;
      tell(agent, record, { decision: "restarted", because: report.because, failures: report.failures });
      await startVm(agent, record, work);
    },
  });
  return (await agent.operations.wait(operationId)).state === "succeeded";
}

async function awaitOthers(agent: Agent, vmId: string): Promise<void> {
  const busy = agent.operations.running(vmId);
  if (busy === undefined) return;
  await agent.operations.wait(busy.operationId);
  await awaitOthers(agent, vmId);
}

async function isWanted(agent: Agent, vmId: string): Promise<boolean> {
  const record = agent.records.get(vmId);
  return record?.role === "owner" && record.wantsToRun && !(await stands(agent, vmId));
}

/** True while a QEMU holds the guest that could go on: one that panicked is only kept to be looked at. */
async function stands(agent: Agent, vmId: string): Promise<boolean> {
  const machine = agent.machines.get(vmId);
  if (machine === undefined) return false;
  try {
    const { status } = await machine.qmp.execute("query-status");
    return status !== "guest-panicked";
  } catch {
    return true; // mute, or just ending: its end will be told
  }
}

interface Told {
  readonly decision: string;
  readonly because: string;
  readonly failures?: number;
  readonly inMs?: number;
}

function tell(agent: Agent, record: VmRecord, { decision, because, ...figures }: Told): void {
  const restart = record.spec.restart ?? restartDefault;
  noteDecision(agent.ctx, record.vmId, {
    decision,
    because: [because],
    evidence: { restart, generation: record.generation, ...figures },
  });
}

function plansOf(agent: Agent): Map<string, Plan> {
  const known = plans.get(agent) ?? new Map<string, Plan>();
  plans.set(agent, known);
  return known;
}
