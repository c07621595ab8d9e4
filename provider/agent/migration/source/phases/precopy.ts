// Phase `precopy`: memory goes over while the guest runs, until QEMU stops the guest at the gate (its
// `pre-switchover`). Ends by events; the figures are looked at now and then for progress, the stall rule and the deadline.

import { LeeaError } from "../../../../model/errors";
import { ProgressMeter } from "../../../../model/move/progress-meter";
import type { PrepareMoveResponse } from "../../../../protocol/peer";
import type { QmpMigrationInfo } from "../../../qmp/commands";
import type { QmpEvent } from "../../../qmp/events";
import { pollUntil } from "../../poll-until";
import { rulesOfMove, type SourceMove, sourceQmp } from "../source-move";
import { type Measure, meetDeadline } from "./deadline";
import { endOldStream } from "./old-stream";
import { stalledMove } from "./stall";

const ends = ["pre-switchover", "failed", "cancelled"];
const lookMs = 200;
/** While the stream connects, a mute monitor is a TLS handshake that holds up QEMU's main loop, and with it the guest. */
const muteWhileConnectingMs = 5_000;
const longestMs = 8 * 24 * 3_600_000;

/** Sends memory until the gate; gives its time on the monotonic clock. `onStop` runs at QEMU's STOP event, when every millisecond is an outage. */
export async function sendMemory(
  move: SourceMove,
  listener: PrepareMoveResponse,
  onStop: (stoppedAtMs: number) => void,
): Promise<{ gateAtMs: number }> {
  const qmp = sourceQmp(move);
  await endOldStream(move);
  const since = qmp.cursor();
  const isEnd = (event: QmpEvent): boolean => isStatus(event, ends);
  const atGate = qmp.waitEvent(isEnd, { since, timeoutMs: longestMs });
  const ended: { event?: QmpEvent } = {};
  atGate.then(
    (event) => (ended.event = event),
    () => undefined, // told by the race below
  );
  qmp
    .waitEvent((event) => event.event === "STOP", { since, timeoutMs: longestMs })
    .then(
      (event) => onStop(event.atMs),
      () => undefined, // never stopped: the move ended before
    );
  await qmp.execute("migrate", { uri: `tcp:${listener.address}:${listener.migrationPort}` });
  const end = await Promise.race([atGate.then(toEnd), watchMemory(move, ended)]);
  if (end.status !== "pre-switchover") throw await streamError(move);
  return { gateAtMs: end.atMs };
}

interface StreamEnd {
  readonly status: string;
  readonly atMs: number;
}

const toEnd = (event: QmpEvent): StreamEnd => ({ status: String(event.data["status"]), atMs: event.atMs });

/**
 * Looks at the stream until it has ended. An end that two looks in a row show and no event told is one too: a monitor may
 * lose a line, and the guest would stand still at the gate. Errors: MOVE_FAILED when no byte moves for long or the deadline
 * says so, CANCELLED.
 */
async function watchMemory(move: SourceMove, ended: { readonly event?: QmpEvent }): Promise<StreamEnd> {
  const { deadlineMs, stallTimeoutMs } = rulesOfMove(move);
  const meter = new ProgressMeter();
  let dueAtMs = performance.now() + deadlineMs;
  let taken: Measure = "none";
  let seen: string | undefined;
  await pollUntil(move.work.signal, lookMs, async () => {
    if (ended.event !== undefined) return true;
    const stands = seen !== undefined && seen !== "none" && seen !== "setup";
    const timeoutMs = stands ? stallTimeoutMs : Math.min(stallTimeoutMs, muteWhileConnectingMs);
    const info = await sourceQmp(move).execute("query-migrate", {}, { timeoutMs });
    const nowMs = performance.now();
    meter.note(nowMs, info.ram?.transferred ?? 0, info.ram?.remaining ?? 0);
    reportMemory(move, info, meter, taken);
    if (ended.event !== undefined || (seen === info.status && ends.includes(info.status ?? ""))) return true;
    seen = info.status;
    if (meter.stillMs > stallTimeoutMs) throw stalledMove(move, "memory");
    if (nowMs > dueAtMs && info.status === "active") {
      taken = await meetDeadline(move, info, taken);
      dueAtMs = nowMs + deadlineMs;
    }
    return false;
  });
  return ended.event === undefined ? { status: seen ?? "none", atMs: performance.now() } : toEnd(ended.event);
}

/** Why the stream ended, in QEMU's words. */
export async function streamError(move: SourceMove): Promise<LeeaError> {
  const info = await sourceQmp(move).execute("query-migrate");
  return new LeeaError({
    code: "MOVE_FAILED",
    message: `the memory stream to ${move.note.destination.name} broke: ${info["error-desc"] ?? info.status ?? "no reason given"}`,
    hint: "Look at the destination's agent log and at the link between the hosts.",
  });
}

/** True for a MIGRATION event with one of the states. */
export function isStatus(event: QmpEvent, states: readonly string[]): boolean {
  return event.event === "MIGRATION" && states.includes(String(event.data["status"]));
}

function reportMemory(move: SourceMove, info: QmpMigrationInfo, meter: ProgressMeter, taken: Measure): void {
  const { ram } = info;
  if (ram === undefined) return;
  const measures: Readonly<Record<Measure, string>> = {
    none: "",
    paused: ", the guest is paused until the rest is sent",
    throttled: `, the guest is slowed down by ${info["cpu-throttle-percentage"] ?? 0} %`,
  };
  move.work.report({
    phase: "precopy",
    message: `pass ${ram["dirty-sync-count"]}${measures[taken]}`,
    ...meter.describe(Math.max(0, ram.total - ram.remaining), ram.total),
  });
}
