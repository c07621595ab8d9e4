// A QEMU that lives and whose monitor said nothing when the agent began: asked again and again for a while, because a busy
// host or a dead link holds a monitor up, and a guest must not die for that.

import type { VmRecord } from "../../../model/ownership";
import type { Agent } from "../../agent";
import { vmRunFolder } from "../../host-paths";
import { adoptQemu } from "../../qemu/adopt-qemu";
import { adoptMachine } from "./adopt-machine";
import type { Machine } from "./machines";

const againMs = 1_000;
const longestMs = 60_000;

/** The machine once its monitor answers; undefined when the process is gone, was mute for a minute, or is not the record's any more. */
export async function adoptLater(agent: Agent, { vmId, qemu: mark }: VmRecord): Promise<Machine | undefined> {
  const endsAtMs = performance.now() + longestMs;
  while (mark !== undefined && performance.now() < endsAtMs) {
    const known = agent.machines.get(vmId);
    if (known !== undefined || agent.records.get(vmId)?.qemu?.pid !== mark.pid) return known;
    const found = await adoptQemu(agent.ctx, { vmId, mark, runFolder: vmRunFolder(agent.ctx.paths, vmId) });
    if (found.state === "dead") return undefined;
    if (found.state === "alive") return adoptMachine(agent, { vmId, mark, qmp: found.client });
    await new Promise((resolve) => setTimeout(resolve, againMs));
  }
  return agent.machines.get(vmId);
}
