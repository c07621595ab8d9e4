// The phases of a move: one list for code, logs, progress and documents.

/** The phases in their order. A live move has no `shutdown`, and `eject` only with GPUs; a cold one has neither that nor `precopy`; `cancel` may follow any but the last two. */
export const migrationPhases = [
  "preflight",
  "prepare",
  "mirror",
  "eject",
  "precopy",
  "shutdown",
  "cutover",
  "finish",
  "cancel",
] as const;

/** One phase of a move. QEMU calls the gate between precopy and cutover `pre-switchover`. */
export type MigrationPhase = (typeof migrationPhases)[number];
