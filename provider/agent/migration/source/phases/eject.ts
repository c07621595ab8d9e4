// Phase `eject`: a guest whose GPUs cannot be sent lets go of them, as late as can be, so that it is without them for no
// longer than its memory takes. On the other host it gets others; where the move breaks off, its own again.

import { keptError } from "../../../vm/gpus/match-gpus";
import { ejectGpus, readPlugged } from "../../../vm/gpus/plugged-gpus";
import { rulesOfMove, type SourceMove, sourceQmp } from "../source-move";

/** Waits for the guest, as long as a move may stand still. Nothing where it has none, or they are carried. Errors: IN_USE (it keeps one), CANCELLED. */
export async function letGoOfGpus(move: SourceMove): Promise<void> {
  if (move.note.gpus === "carry" || move.record.qemu?.gpuPorts === undefined) return;
  const qmp = sourceQmp(move);
  const limitMs = rulesOfMove(move).stallTimeoutMs;
  const plugged = [...(await readPlugged(qmp)).keys()];
  if (plugged.length === 0) return;
  move.work.report({ phase: "eject", message: `the guest is asked to let go of ${plugged.length} GPU(s)` });
  const left = await ejectGpus(qmp, plugged, { limitMs, signal: move.work.signal });
  if (left.length > 0) throw keptError(move.record.spec.name, left, limitMs);
}
