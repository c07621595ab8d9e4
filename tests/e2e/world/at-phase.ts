// An act at a phase of a move, told by the operation of the host that gives the VM away.

import { migrationPhases } from "../../../provider/model/migration-phase";
import { waitFor } from "./wait-for";
import { type World, withAgent } from "./world";

/** An engine is slow to start its program on a busy machine. */
const beginLimitMs = 90_000;

/** Calls back once the move of the VM that begins on the host has come to the phase, or ended; gives its operation. */
export async function atPhase(
  world: World,
  { host, vmId, phase }: { readonly host: string; readonly vmId: string; readonly phase: string },
  act: () => void,
): Promise<string> {
  const look = async (): Promise<string | undefined> => {
    const answer = await withAgent(world, host, (session) => session.call("getVm", { params: { vmId } }));
    return answer.found === "here" && answer.report.state === "moving" ? answer.report.operationId : undefined;
  };
  const begun = await waitFor("the move", look, beginLimitMs);
  await withAgent(world, host, async (session) => {
    const operation = await session.call("getOperation", { params: { operationId: begun } });
    let isDone = false;
    const see = (seen: string): void => {
      if (isDone || migrationPhases.indexOf(seen as never) < migrationPhases.indexOf(phase as never)) return;
      isDone = true;
      act();
    };
    await session.follow(operation, ({ phase: seen }) => see(seen)).catch(() => undefined); // told by the next up
    see(phase);
  });
  return begun;
}
