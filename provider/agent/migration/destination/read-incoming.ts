// Where a move stands at its destination, as the source's agent asks. A QEMU that does not answer is told as `mute`.

import type { VmRecord } from "../../../model/ownership";
import type { PeerMoveReport } from "../../../protocol/peer";
import type { ExpectMoveRequest } from "../../../protocol/vm";
import type { Agent } from "../../agent";
import { markMovedIn } from "../../net/vm-routes";
import { readQemuState } from "../recovery/look-at-move";

/** The record and QEMU here. `expected`: there is no record of this very move; the role is then that of another one. */
export async function readIncoming(agent: Agent, move: ExpectMoveRequest): Promise<PeerMoveReport> {
  const record = agent.records.get(move.vmId);
  if (record === undefined) return { state: "expected" };
  const { role, generation, wantsToRun } = record;
  const told = { role, generation, wantsToRun };
  if (record.moveId !== move.moveId) return { state: "expected", ...told };
  if (role === "abandoned") return { state: "abandoned", ...told };
  const qemu = await readQemuState(agent, record, agent.machines.get(move.vmId));
  const report = { ...told, ...(qemu === "absent" ? {} : { qemuStatus: qemu }) };
  if (role === "owner") return { state: "owner", ...report };
  keepMarked(agent, record);
  return { state: qemu === "paused" || qemu === "prelaunch" ? "loaded" : "prepared", ...report };
}

/** A source asks every 20 s as long as its move lasts: the mark is then young when the guest's packets come, and need not be set while it stands still. */
function keepMarked(agent: Agent, { vmId, pins }: VmRecord): void {
  if (pins.address === undefined) return;
  markMovedIn(agent.ctx, { address: pins.address }).catch((error: unknown) =>
    agent.ctx.log.write("warn", "not-marked", { vm: vmId, error: String(error) }),
  );
}
