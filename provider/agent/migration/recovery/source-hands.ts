// The hands of the source's agent for a move that broke off: what the rule commands, done to this host's record, QEMU and
// route, and asked of the destination. Both ways of moving; nothing here decides who may run the guest.

import { isLeeaError, LeeaError } from "../../../model/errors";
import type { HostView, QemuState, RecoveryView } from "../../../model/recovery/recovery-view";
import { tellVerdict } from "../../../model/recovery/tell-verdict";
import type { HostAct, Verdict } from "../../../model/recovery/verdict";
import { matchGpusOrTell } from "../../vm/gpus/match-gpus";
import { noteDecision } from "../../vm/record/decision-log";
import { pause } from "../poll-until";
import { startAnew } from "../source/cold/start-anew";
import { takeRouteBack } from "../source/move-route";
import { cleanUpStreams, continueGuest, machineOf, tearStreams } from "../source/phases/cancel";
import { grantMove, releaseMove } from "../source/phases/cutover";
import { askDestination, readNote } from "../source/source-move";
import { tellGivenUp } from "../source/tell-given-up";
import { type BrokenMove, lookAtDestination, lookAtHost, readQemuState } from "./look-at-move";
import type { Heard, SourceHands } from "./settle-move";

const firstPauseMs = 100;
const longestPauseMs = 5_000;

/** Hands for one move. `isReleaseOpen`: `released` was to be synced, and it cannot be told whether it was. */
export function sourceHands(move: BrokenMove, isReleaseOpen: boolean): SourceHands {
  const release = { isOpen: isReleaseOpen };
  let told = "";
  return {
    mode: move.note.mode ?? "live",
    lookHere: () => lookHere(move, release.isOpen),
    lookThere: () => lookAtDestination(move),
    tell: (verdict, view) => {
      told = tell(move, verdict, view, told);
    },
    grant: async () => {
      if (recordOf(move).role === "owner") await complain(move, () => releaseMove(move));
      release.isOpen = false;
      return heard(move, "grant", () => grantMove(move));
    },
    abandon: () => heard(move, "abandon", () => askDestination(move, "abandonMove", undefined, 10_000)),
    abandonLater: () => tellGivenUp(move),
    actHere: async (act) => {
      await complain(move, () => actHere(move, act));
      if (act.record === "owner") release.isOpen = false;
    },
    cleanUp: async () => {
      await cleanUpStreams(move);
      await matchGpusOrTell(move.agent, move.note.vmId); // its guest may have let go of them for the move
    },
    pause: (failures) => pause(Math.min(longestPauseMs, firstPauseMs * 2 ** Math.min(failures, 10))),
  };
}

function recordOf(move: BrokenMove): BrokenMove["record"] {
  return move.agent.records.get(move.record.vmId) ?? move.record;
}

/** A guest that was asked to shut down for the move goes on nowhere, and one that did not run is not wanted to. */
async function lookHere(move: BrokenMove, isReleaseOpen: boolean): Promise<HostView> {
  const { agent, note } = move;
  const record = recordOf(move);
  const view = await lookAtHost(agent, record, note.moveId);
  const qemu = await freedState(move, view);
  const isShutDown = qemu !== "absent" && (await readNote(agent, note.moveId))?.shutdownAsked === true;
  return {
    ...view,
    role: isReleaseOpen ? "released" : view.role,
    qemu: isShutDown ? "shutdown" : qemu,
    wantsToRun: view.wantsToRun && note.guestRan !== false,
  };
}

/** Before the release a mute QEMU is freed of the move's streams first; only then it is asked once more. */
async function freedState(move: BrokenMove, view: HostView): Promise<QemuState> {
  const machine = machineOf(move);
  const read = (): Promise<QemuState> => readQemuState(move.agent, recordOf(move), machine);
  const state = move.machine === undefined ? view.qemu : await read();
  if (state !== "mute" || view.role !== "owner") return state;
  await tearStreams(move);
  return read();
}

function tell(move: BrokenMove, verdict: Verdict, view: RecoveryView, before: string): string {
  const { agent, note } = move;
  const { decision, because, evidence } = tellVerdict(verdict, view, {
    source: "this host",
    destination: note.destination.name,
  });
  const told = JSON.stringify([decision, because]);
  if (told === before) return told;
  noteDecision(agent.ctx, note.vmId, {
    decision,
    because: [...because, ...move.because],
    evidence,
    moveId: note.moveId,
  });
  agent.ctx.log.write("info", "recovery", { moveId: note.moveId, vm: note.vmId, decision, because });
  move.work.report({ phase: verdict.kind === "wait" ? "cutover" : "cancel", message: because[0] ?? decision });
  return told;
}

/** The record first, then the route, then the guest. `former` is synced by the end of the move, with its figures. */
async function actHere(move: BrokenMove, act: HostAct): Promise<void> {
  if (act.record === "former" || (act.record === undefined && act.guest === "end")) return;
  if (act.guest === "stop") return void (await machineOf(move)?.qmp.execute("stop"));
  if (act.record === "owner") await takeBack(move);
  await takeRouteBack(move);
  if (act.guest === "continue") await continueGuest(move);
  if (act.guest === "start" && move.note.mode === "cold") await startAnew(move);
}

/** Only after the destination's synced word that it never ran the guest. */
async function takeBack(move: BrokenMove): Promise<void> {
  const { agent, note } = move;
  const { moveId: _ended, ...rest } = recordOf(move);
  await agent.records.save({ ...rest, role: "owner", generation: move.record.generation });
  noteDecision(agent.ctx, note.vmId, {
    decision: "taken-back",
    because: ["the destination's synced word is that it never ran the guest and never will"],
    evidence: { from: note.destination.nodeId, generation: move.record.generation },
    moveId: note.moveId,
  });
}

/** An answer that is a refusal decides; for anything else the destination is asked again. */
async function heard(move: BrokenMove, what: "grant" | "abandon", ask: () => Promise<unknown>): Promise<Heard> {
  try {
    const answer = await ask();
    return what === "abandon" && (answer as { state: string }).state === "owner" ? "refused" : "done";
  } catch (error) {
    if (!(error instanceof LeeaError)) throw error;
    move.agent.ctx.log.write("warn", `${what}-not-answered`, { moveId: move.note.moveId, error: error.message });
    return isRefusal(error, what) ? "refused" : "unheard";
  }
}

/** The destination's agent heard and said no; a grant that it could not write down it may well refuse for ever. */
export function isRefusal(error: unknown, what: "grant" | "abandon"): boolean {
  if (what === "abandon") return isLeeaError(error, "PEER_REFUSED");
  return !isLeeaError(error, "HOST_UNREACHABLE") && !isLeeaError(error, "TIMED_OUT");
}

async function complain(move: BrokenMove, act: () => Promise<void>): Promise<void> {
  try {
    await act();
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    move.agent.ctx.log.write("error", "recovery-act-failed", { moveId: move.note.moveId, error: why });
    move.work.report({ phase: "cancel", message: `this host cannot go on yet: ${why}` });
    throw error;
  }
}
