// Phase `preflight` at the source: what must hold when the move begins. The provider asked both hosts before; here it
// is asked again, because minutes may lie between.

import { LeeaError } from "../../../../model/errors";
import { splitBlockers } from "../../../../model/gpu/vm/gpu-move";
import { probeQemu } from "../../../qemu/probe-qemu";
import { restartFirst, waitsForRestart } from "../../../vm/needs-restart";
import { reachDestination } from "../reach-destination";
import { type SourceMove, sourceQmp } from "../source-move";

/** Error: PREFLIGHT_FAILED with every reason in details.reasons. */
export async function checkSource(move: SourceMove): Promise<void> {
  move.work.report({ phase: "preflight" });
  const [qemu, status, info] = await Promise.all([
    probeQemu(move.agent.ctx),
    sourceQmp(move).execute("query-status"),
    sourceQmp(move).execute("query-migrate"),
  ]);
  const there = await reachDestination(move);
  const blocked = splitBlockers(info["blocked-reasons"] ?? []);
  const blockers = [...blocked.others, ...(move.note.gpus === "carry" ? blocked.gpus : [])];
  const reasons = [
    ...(status.status === "running" ? [] : [`the guest does not run (QEMU says ${status.status})`]),
    ...blockers.map((reason) => `QEMU says: ${reason}`),
    ...(move.record.pins.accelerator === "tcg" && Number.parseInt(qemu.version, 10) < 9
      ? [`QEMU ${qemu.version} corrupts a busy guest that moves live under TCG`]
      : []),
    ...(waitsForRestart(move.record) ? [restartFirst] : []),
    ...(there.state === "expected" ? [] : [`the destination stands at ${there.state} with this move`]),
  ];
  refuseFor(move, reasons, "live");
}

/** The same for a VM that does not run while it moves. Error: PREFLIGHT_FAILED with every reason in details.reasons. */
export async function checkColdSource(move: SourceMove): Promise<void> {
  move.work.report({ phase: "preflight" });
  const there = await reachDestination(move);
  refuseFor(
    move,
    there.state === "expected" ? [] : [`the destination stands at ${there.state} with this move`],
    "cold",
  );
}

function refuseFor(move: SourceMove, reasons: readonly string[], mode: "live" | "cold"): void {
  if (reasons.length === 0) return;
  throw new LeeaError({
    code: "PREFLIGHT_FAILED",
    message: `VM "${move.record.spec.name}" cannot move ${mode}:\n${reasons.map((reason) => `  - ${reason}`).join("\n")}`,
    hint: "Mend what is named and run again; nothing was changed.",
    details: { reasons },
  });
}
