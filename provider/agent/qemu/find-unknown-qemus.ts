// QEMUs of ours that no record names: left by an agent that died between a start and its note, or by a restored disk.
// They are reported and never killed: one of them may be somebody's only copy.

import type { AgentContext } from "../agent-context";
import { listQemus, type QemuProcess } from "./qemu-processes";

/** The QEMUs of ours that are none of the known processes. */
export async function findUnknownQemus(
  ctx: AgentContext,
  knownPids: readonly number[],
): Promise<readonly QemuProcess[]> {
  return (await listQemus(ctx)).filter(({ pid }) => !knownPids.includes(pid));
}
