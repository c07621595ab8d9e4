// The address of a guest that runs here is announced from here: by its grant, by its move's end, and by an agent that
// was ended between the two. It never announces what this host does not own.

import type { Agent } from "../../agent";
import { announceVm } from "../../net/vm-routes";

/** Announces it, also again; nothing where it has no address in the mesh, or is not to run here. */
export async function announceOwned(agent: Agent, vmId: string): Promise<void> {
  const record = agent.records.get(vmId);
  if (record?.role !== "owner" || !record.wantsToRun || record.pins.address === undefined) return;
  await announceVm(agent.ctx, { vmId });
}
