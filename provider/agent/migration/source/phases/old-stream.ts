// A memory stream that was cancelled before it stood goes on connecting until TCP gives up, a quarter of an hour later, and
// until then QEMU takes no other one ("duplicate yank instance"). The guest runs meanwhile; no yank reaches such a stream.

import { LeeaError } from "../../../../model/errors";
import { streamOfPort } from "../../../../protocol/peer";
import { pause } from "../../poll-until";
import type { SourceMove } from "../source-move";
import { breakConnections } from "./break-connections";

const lookMs = 50;
const longestMs = 5_000;

type StreamedMachine = Pick<SourceMove, "agent" | "machine" | "record">;

/** Ends what QEMU still holds of an ended stream, and waits until it has let go (QAPI query-yank). Error: MOVE_FAILED. */
export async function endOldStream({ agent, machine, record }: StreamedMachine): Promise<void> {
  const endsAtMs = performance.now() + longestMs;
  while (await holdsStream(machine)) {
    if (performance.now() > endsAtMs) throw stuck(record.spec.name);
    await breakStream({ agent, machine });
    await pause(lookMs);
  }
}

/** Breaks the connections of the memory stream, whatever QEMU does with them; those of the disks stay. */
export async function breakStream({ agent, machine }: Pick<SourceMove, "agent" | "machine">): Promise<void> {
  await breakConnections(agent.ctx, machine.mark, (port) => streamOfPort(port) === "memory");
}

async function holdsStream({ qmp }: SourceMove["machine"]): Promise<boolean> {
  const held = await qmp.execute("query-yank", {}, { timeoutMs: longestMs });
  return held.some(({ type }) => type === "migration");
}

function stuck(name: string): LeeaError {
  return new LeeaError({
    code: "MOVE_FAILED",
    message: `QEMU of VM "${name}" still tries to connect for an earlier move, and this host's kernel does not end that`,
    hint: "It gives up within a quarter of an hour of that move; run again then.",
  });
}
