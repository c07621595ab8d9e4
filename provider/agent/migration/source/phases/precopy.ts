// Phase `precopy`: memory goes over while the guest runs, until QEMU stops the guest at the gate (its
// `pre-switchover`). Ends by events; the figures are looked at now and then for progress and for the stall rule.

import { LeeaError } from "../../../../model/errors";
import type { PrepareMoveResponse } from "../../../../protocol/peer";
import type { QmpMigrationInfo } from "../../../qmp/commands";
import type { QmpEvent } from "../../../qmp/events";
import { pollUntil } from "../../poll-until";
import { type SourceMove, sourceQmp } from "../source-move";

const stallMs = 30_000;
const lookMs = 200;
const longestMs = 24 * 3_600_000;

/** Sends memory until the gate; gives its time on the monotonic clock. `onStop` runs at QEMU's STOP event, when every millisecond is an outage. */
export async function sendMemory(
  move: SourceMove,
  listener: PrepareMoveResponse,
  onStop: (stoppedAtMs: number) => void,
): Promise<{ gateAtMs: number }> {
  const qmp = sourceQmp(move);
  const since = qmp.cursor();
  const isEnd = (event: QmpEvent): boolean => isStatus(event, ["pre-switchover", "failed", "cancelled"]);
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
  const event = await Promise.race([atGate, watchMemory(move, ended).then(() => atGate)]);
  if (!isStatus(event, ["pre-switchover"])) throw await streamError(move);
  return { gateAtMs: event.atMs };
}

/** Looks at the stream until it has ended. Errors: MOVE_FAILED when no byte moves for long, CANCELLED. */
async function watchMemory(move: SourceMove, ended: { readonly event?: QmpEvent }): Promise<void> {
  let sent = -1;
  let movedAtMs = move.agent.ctx.system.nowMs();
  await pollUntil(move.work.signal, lookMs, async () => {
    if (ended.event !== undefined) return true;
    const info = await sourceQmp(move).execute("query-migrate");
    reportMemory(move, info);
    const nowMs = move.agent.ctx.system.nowMs();
    if (info.ram?.transferred !== sent) movedAtMs = nowMs;
    sent = info.ram?.transferred ?? sent;
    if (nowMs - movedAtMs > stallMs) throw stalled(move);
    return false;
  });
}

function stalled(move: SourceMove): LeeaError {
  return new LeeaError({
    code: "MOVE_FAILED",
    message: `no byte of the memory reached ${move.note.destination.name} for ${stallMs / 1000} s`,
    hint: "Look at the link between the hosts.",
  });
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

function reportMemory(move: SourceMove, info: QmpMigrationInfo): void {
  const ram = info.ram;
  if (ram === undefined) return;
  const bytesPerSecond = (ram.mbps * 1_000_000) / 8;
  move.work.report({
    phase: "precopy",
    message: `pass ${ram["dirty-sync-count"]}`,
    bytesDone: Math.max(0, ram.total - ram.remaining),
    bytesTotal: ram.total,
    bytesPerSecond: Math.round(bytesPerSecond),
    ...(bytesPerSecond > 0 ? { secondsLeft: Math.round(ram.remaining / bytesPerSecond) } : {}),
  });
}
