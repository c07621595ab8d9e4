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

/** Sends memory until the gate; gives its time on the monotonic clock. `onStop` runs at QEMU's STOP event, when every millisecond is an outage. */
export async function sendMemory(
  move: SourceMove,
  listener: PrepareMoveResponse,
  onStop: (stoppedAtMs: number) => void,
): Promise<{ gateAtMs: number }> {
  const qmp = sourceQmp(move);
  const since = qmp.cursor();
  let gate: QmpEvent | undefined;
  const atGate = qmp.waitEvent((event) => isStatus(event, ["pre-switchover", "failed", "cancelled"]), {
    since,
    timeoutMs: 24 * 3_600_000,
  });
  qmp
    .waitEvent((event) => event.event === "STOP", { since, timeoutMs: 24 * 3_600_000 })
    .then(
      (event) => onStop(event.atMs),
      () => undefined,
    ); // never stopped: the move ended before
  await qmp.execute("migrate", { uri: `tcp:${listener.address}:${listener.migrationPort}` });
  void atGate.then(
    (event) => {
      gate = event;
    },
    () => undefined,
  );
  let sent = -1;
  let movedAtMs = move.agent.ctx.system.nowMs();
  const watch = pollUntil(move.work.signal, lookMs, async () => {
    if (gate !== undefined) return true;
    const info = await qmp.execute("query-migrate");
    reportMemory(move, info);
    const nowMs = move.agent.ctx.system.nowMs();
    if (info.ram?.transferred !== sent) movedAtMs = nowMs;
    sent = info.ram?.transferred ?? sent;
    if (nowMs - movedAtMs > stallMs)
      throw new LeeaError({
        code: "MOVE_FAILED",
        message: `no byte of the memory reached ${move.note.destination.name} for ${stallMs / 1000} s`,
        hint: "Look at the link between the hosts.",
      });
    return false;
  });
  const event = await Promise.race([atGate, watch.then(() => atGate)]);
  if (!isStatus(event, ["pre-switchover"])) throw await streamError(move);
  return { gateAtMs: event.atMs };
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
