// What a host sees of a move that broke off: its own record and QEMU, and what the destination answers. It reads only.

import { isLeeaError } from "../../../model/errors";
import type { VmRecord } from "../../../model/ownership";
import { type HostView, type QemuState, type SeenHost, toQemuState } from "../../../model/recovery/recovery-view";
import type { PeerMoveReport } from "../../../protocol/peer";
import type { Agent } from "../../agent";
import { vmRunFolder } from "../../host-paths";
import { adoptQemu } from "../../qemu/adopt-qemu";
import { adoptMachine } from "../../vm/machine/adopt-machine";
import type { Machine } from "../../vm/machine/machines";
import { askDestination, type SourceMove } from "../source/source-move";

/** A move that broke off. `machine`: the one that it used, where it is known; `because`: why it broke off. */
export type BrokenMove = Pick<SourceMove, "agent" | "note" | "record" | "work" | "outOfBand"> & {
  readonly machine?: SourceMove["machine"];
  readonly because: readonly string[];
};

const statusTimeoutMs = 3_000;
const readTimeoutMs = 5_000;

/** Where a QEMU stands. Without a monitor it is `absent` only when the process that the record names is gone. */
export async function readQemuState(
  agent: Agent,
  record: Pick<VmRecord, "vmId" | "qemu">,
  machine: Machine | undefined,
): Promise<QemuState> {
  const held = machine === undefined ? undefined : await askQemu(machine);
  if (held !== undefined && held !== "closed") return held;
  const mark = machine?.mark ?? record.qemu;
  if (mark === undefined || !(await agent.ctx.system.isAlive(mark))) return "absent";
  const again = machine === undefined || held === "closed" ? await takeAgain(agent, record.vmId, mark) : undefined;
  const state = again === undefined ? undefined : await askQemu(again);
  return state === undefined || state === "closed" ? "mute" : state;
}

/** Undefined where it does not answer; `closed` where this monitor never will again. */
async function askQemu({ qmp }: Machine): Promise<QemuState | "closed" | undefined> {
  try {
    const [{ status }, info] = await Promise.all([
      qmp.execute("query-status", {}, { timeoutMs: statusTimeoutMs }),
      qmp.execute("query-migrate", {}, { timeoutMs: statusTimeoutMs }),
    ]);
    return toQemuState(status, info.status);
  } catch (error) {
    if (!isLeeaError(error)) throw error;
    return error.code === "QMP_CLOSED" ? "closed" : undefined;
  }
}

/** A monitor that was closed over a line which nobody could read, or was mute when the agent began, is opened anew. */
async function takeAgain(agent: Agent, vmId: string, mark: Machine["mark"]): Promise<Machine | undefined> {
  const known = agent.machines.get(vmId);
  if (known !== undefined) return known;
  const found = await adoptQemu(agent.ctx, { vmId, mark, runFolder: vmRunFolder(agent.ctx.paths, vmId) });
  return found.state === "alive" ? adoptMachine(agent, { vmId, mark, qmp: found.client }) : agent.machines.get(vmId);
}

/** This host's side of a move, for the rule. */
export async function lookAtHost(agent: Agent, record: VmRecord, moveId: string | undefined): Promise<HostView> {
  return {
    role: record.role,
    generation: record.generation,
    qemu: await readQemuState(agent, record, agent.machines.get(record.vmId)),
    wantsToRun: record.wantsToRun,
    ofThisMove: moveId !== undefined && record.moveId === moveId,
  };
}

/** The destination's word. One that refuses to speak of this move has no record of it; no answer is no word. */
export async function lookAtDestination(move: Pick<SourceMove, "agent" | "note" | "record">): Promise<SeenHost> {
  try {
    return viewOf(await askDestination(move, "readMove", undefined, readTimeoutMs), move.record);
  } catch (error) {
    if (!isLeeaError(error, "PEER_REFUSED")) return "unreachable";
    return { role: "none", generation: 0, qemu: "absent", wantsToRun: false, ofThisMove: false };
  }
}

/** An agent of an earlier version tells no role: its state stands for one. */
function viewOf(report: PeerMoveReport, before: VmRecord): HostView {
  const { state, qemuStatus } = report;
  const isKnown = state !== "expected" && state !== "unknown";
  const told = state === "owner" || state === "abandoned" ? state : "incoming";
  return {
    role: report.role ?? (isKnown ? told : "none"),
    generation: report.generation ?? before.generation + (state === "owner" ? 1 : 0),
    qemu: qemuStatus === undefined ? "absent" : toQemuState(qemuStatus),
    wantsToRun: report.wantsToRun ?? before.wantsToRun,
    ofThisMove: isKnown,
  };
}
