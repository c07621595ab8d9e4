// The destination's side of a move: makes ready, announces, and runs the guest only after the grant. Its word that it
// never ran the guest is synced before it is given, and a grant that comes later is refused.

import { LeeaError } from "../../../model/errors";
import type { VmRecord } from "../../../model/ownership";
import type {
  AbandonMoveResponse,
  FinishMoveRequest,
  GrantMoveRequest,
  GrantMoveResponse,
} from "../../../protocol/peer";
import type { ExpectMoveRequest } from "../../../protocol/vm";
import type { Agent } from "../../agent";
import { announceStoppedVm, endReceiving, giveVmBack, isAnnounced, markMovedIn } from "../../net/vm-routes";
import { matchGpusOrTell } from "../../vm/gpus/match-gpus";
import { endMachine } from "../../vm/machine/end-machine";
import { noteDecision } from "../../vm/record/decision-log";
import { giveUpVm, leaveVm } from "../leave-vm";
import { announceOwned } from "../recovery/announce-owned";
import { goOnOwned } from "../recovery/go-on-owned";
import { endStraight } from "../straight/admissions";
import { wayTo } from "../way-to";
import { removeMoveKey } from "../write-move-key";
import { releaseMovePorts } from "./move-ports";
import { exportId } from "./prepare-destination";
import { demandWaiting, waitCold } from "./wait-cold";

const loadedTimeoutMs = 10_000;

/**
 * The source hands over from now on: its packets queue in the tap, which takes them since the move was prepared. The guest
 * stands still, so nothing else is done: the address is announced once it runs.
 */
export function announceIncoming(agent: Agent, move: ExpectMoveRequest): void {
  demandIncoming(agent, move);
}

/** The source has ended its mirrors: lets go of the exports, so that the guest's own writes are alone. */
export async function settleIncoming(agent: Agent, move: ExpectMoveRequest): Promise<void> {
  const record = demandIncoming(agent, move);
  if (record.moveMode === "cold") return waitCold(agent, record);
  const qmp = demandMachine(agent, move).qmp;
  for (const index of record.spec.disks.keys()) {
    await qmp
      .execute("block-export-del", { id: exportId(index) })
      .catch((error: unknown) => agent.ctx.log.write("debug", "export-gone", { vm: move.vmId, error: String(error) })); // asked twice
  }
}

/** The grant: everything must be here, the record is synced, then the guest continues. Sent twice it answers alike. */
export async function takeGrant(
  agent: Agent,
  move: ExpectMoveRequest,
  request: GrantMoveRequest,
): Promise<GrantMoveResponse> {
  const startedAtMs = performance.now();
  const record = agent.records.get(move.vmId);
  if (record?.moveId !== move.moveId || record.role === "abandoned") throw refused("this host gave the move up");
  const isCold = record.moveMode === "cold";
  if (record.role === "incoming") {
    await (isCold ? demandWaiting(agent, record) : waitLoaded(agent, move));
    // Its QEMU may have ended while we looked, and with it the move.
    if (agent.records.get(move.vmId)?.role !== "incoming") throw refused("this host gave the move up");
    const wantsToRun = isCold ? record.wantsToRun : true;
    await agent.records.save({ ...record, role: "owner", generation: request.generation, wantsToRun });
    noteDecision(agent.ctx, move.vmId, {
      decision: "taken-over",
      because: [`${move.source.name} released and granted it, and everything is here`],
      evidence: { from: move.source.nodeId, generation: request.generation },
      moveId: move.moveId,
    });
  }
  const state = isCold && !record.wantsToRun ? await keepStopped(agent, record) : await letGo(agent, move);
  return { state, resumedAfterMs: Math.round((performance.now() - startedAtMs) * 10) / 10 };
}

/** The record says owner: a QEMU that does not take the command now is told again and again, whatever the source hears. */
async function letGo(agent: Agent, move: ExpectMoveRequest): Promise<"running"> {
  try {
    const { qmp } = demandMachine(agent, move);
    await qmp.execute("cont"); // harmless where it runs: the grant was sent twice
    const { status } = await qmp.execute("query-status");
    if (status !== "running") throw refused(`QEMU stands at ${status} after it was continued`); // the source asks again
    void announceRunning(agent, move.vmId);
    void matchGpusOrTell(agent, move.vmId);
    return "running";
  } catch (error) {
    void goOnOwned(agent, move.vmId);
    throw error;
  }
}

/** Nobody waits for it: until then the source hands over. It is done again by the move's end, and by every start of the agent. */
async function announceRunning(agent: Agent, vmId: string): Promise<void> {
  await announceOwned(agent, vmId).catch((error: unknown) =>
    agent.ctx.log.write("warn", "not-announced", { vm: vmId, error: String(error) }),
  );
}

async function keepStopped(agent: Agent, record: VmRecord): Promise<"stopped"> {
  const { address } = record.pins;
  if (address !== undefined) await announceStoppedVm(agent.ctx, { vmId: record.vmId, address });
  return "stopped";
}

/** The source has ended its side: streams, key and note go. */
export async function finishIncoming(agent: Agent, move: ExpectMoveRequest, request: FinishMoveRequest): Promise<void> {
  const record = agent.records.get(move.vmId);
  if (record?.moveId === move.moveId && record.role === "owner") {
    await announceOwned(agent, record.vmId); // as long as the record names the move, an agent that begins does it again
    const { moveId: _ended, moveMode: _mode, ...rest } = record;
    await agent.records.save({ ...rest, lastMigration: request.figures });
    await endStreams(agent, move);
    await matchGpusOrTell(agent, record.vmId);
    await stopReceiving(agent, record, move);
    if (record.pins.address !== undefined) await markMovedIn(agent.ctx, { address: record.pins.address });
  }
  await agent.expected.forget(move.moveId);
}

/** Gives the move up for good unless this host owns the VM already. */
export async function abandonIncoming(
  agent: Agent,
  move: Pick<ExpectMoveRequest, "moveId" | "vmId">,
): Promise<AbandonMoveResponse> {
  const record = agent.records.get(move.vmId);
  if (record?.moveId === move.moveId && record.role === "owner") return { state: "owner" };
  if (record?.moveId === move.moveId) {
    const { qemu: _ended, moveMode: _mode, ...rest } = record;
    if (record.role !== "abandoned") await agent.records.save({ ...rest, role: "abandoned", wantsToRun: false });
    noteAbandoned(agent, record, move.moveId);
    await endMachine(agent, move.vmId);
    releaseMovePorts(move.moveId);
    await endStraight(agent.ctx, move.moveId);
    await removeMoveKey(agent.ctx, move.vmId, "server");
    await stopReceiving(agent, record, move);
    await giveBack(agent, record, move);
  }
  return { state: "never-ran" };
}

function noteAbandoned(agent: Agent, before: VmRecord, moveId: string): void {
  if (before.role === "abandoned") return; // told when it was
  noteDecision(agent.ctx, before.vmId, {
    decision: "move-abandoned",
    because: ["the move was given up before any grant: this host never ran the guest and never will by this move"],
    evidence: { role: before.role, generation: before.generation },
    moveId,
  });
}

/** Both ways of taking are ended: which one it was may have changed with the links. */
async function stopReceiving(agent: Agent, record: VmRecord, move: Pick<ExpectMoveRequest, "moveId">): Promise<void> {
  const source = agent.expected.find(move.moveId)?.source;
  const address = record.pins.address;
  if (address === undefined) return;
  if (source !== undefined) await endReceiving(agent.ctx, await wayTo(agent.ctx, source, address));
  await endReceiving(agent.ctx, { address });
}

/** Packets that already come here go on to the source until everyone has heard that it is elsewhere. */
async function giveBack(
  agent: Agent,
  record: VmRecord,
  move: Pick<ExpectMoveRequest, "moveId" | "vmId">,
): Promise<void> {
  const source = agent.expected.find(move.moveId)?.source;
  const address = record.pins.address;
  if (source === undefined || address === undefined || !(await isAnnounced(agent.ctx, move.vmId)))
    return giveUpVm(agent, move.vmId);
  await giveVmBack(agent.ctx, move.vmId, await wayTo(agent.ctx, source, address));
  leaveVm(agent, move.vmId);
}

async function endStreams(agent: Agent, move: ExpectMoveRequest): Promise<void> {
  const qmp = agent.machines.get(move.vmId)?.qmp; // none where it was not to run, or where it has ended since
  await qmp?.execute("nbd-server-stop").catch(() => undefined); // stopped at an earlier call
  await qmp?.execute("migrate-set-parameters", { "tls-creds": "" }).catch(() => undefined); // as above
  await qmp?.execute("object-del", { id: "leea-server" }).catch(() => undefined); // as above
  await removeMoveKey(agent.ctx, move.vmId, "server");
  releaseMovePorts(move.moveId);
  await endStraight(agent.ctx, move.moveId);
}

/** QEMU with -S stands at `paused` when the load is complete; `cont` before that would start it by itself. */
async function waitLoaded(agent: Agent, move: ExpectMoveRequest): Promise<void> {
  const qmp = demandMachine(agent, move).qmp;
  const deadline = performance.now() + loadedTimeoutMs;
  for (;;) {
    const [{ status }, info] = await Promise.all([qmp.execute("query-status"), qmp.execute("query-migrate")]);
    if (status === "paused" && info.status === "completed") return;
    if (performance.now() > deadline) throw refused(`QEMU stands at ${status}/${info.status ?? "none"}`);
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
}

function demandIncoming(agent: Agent, move: ExpectMoveRequest): VmRecord {
  const record = agent.records.get(move.vmId);
  if (record?.moveId === move.moveId && record.role === "incoming") return record;
  throw refused("the move was not prepared here, or has ended");
}

function demandMachine(agent: Agent, move: ExpectMoveRequest): NonNullable<ReturnType<Agent["machines"]["get"]>> {
  const machine = agent.machines.get(move.vmId);
  if (machine !== undefined) return machine;
  throw refused("the QEMU that waited for the move is gone");
}

function refused(why: string): LeeaError {
  return new LeeaError({
    code: "PEER_REFUSED",
    message: why,
    hint: "The source takes the VM back; run the move again.",
  });
}
