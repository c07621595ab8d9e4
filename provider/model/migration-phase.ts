// The phases of a move: one list for code, logs, progress and documents.

/** The phases in their order; `cancel` may follow any of the first five. */
export const migrationPhases = ["preflight", "prepare", "mirror", "precopy", "cutover", "finish", "cancel"] as const;

/** One phase of a move. QEMU calls the gate between precopy and cutover `pre-switchover`. */
export type MigrationPhase = (typeof migrationPhases)[number];
