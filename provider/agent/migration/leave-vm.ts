// What a former host gives up, in the order that loses no packet: announcement after 5 s, hand-over 3.5 s later, then
// tap, DHCP and disks. Each step may find its work done; a restarted agent begins again from the `former` record.

import type { Agent } from "../agent";
import { vmFolder, vmRunFolder } from "../host-paths";
import { removeVmNetwork } from "../net/vm-network";
import { endHandOver, withdrawVm } from "../net/vm-routes";
import { removeVmLogs } from "../qemu/vm-log-files";
import { giveBackGpus } from "../vm/gpus/take-gpus";
import { dropRestartNote } from "../vm/restart/restart-note";
import { pause } from "./poll-until";

const announceMs = 5_000;
const handOverMs = 3_500;
const leaving = new Map<string, { hurry: () => void; done: Promise<void> }>();

/** Begins to leave, in the background. */
export function leaveVm(agent: Agent, vmId: string): void {
  if (leaving.has(vmId)) return;
  let hurry: () => void = () => undefined;
  const hurried = new Promise<void>((resolve) => {
    hurry = resolve;
  });
  const done = giveUp(agent, vmId, hurried)
    .catch((error: unknown) =>
      agent.ctx.log.write("error", "leave-failed", {
        vm: vmId,
        error: error instanceof Error ? error.message : String(error),
      }),
    )
    .finally(() => leaving.delete(vmId));
  leaving.set(vmId, { hurry, done });
}

/** Ends a leave at once, because the VM comes back or the host leaves the mesh. */
export async function finishLeaving(vmId: string): Promise<void> {
  const entry = leaving.get(vmId);
  entry?.hurry();
  await entry?.done;
}

/** Gives up at once what was never announced for long: the destination of a move that failed. */
export async function giveUpVm(agent: Agent, vmId: string): Promise<void> {
  await giveUp(agent, vmId, Promise.resolve());
}

async function giveUp(agent: Agent, vmId: string, hurried: Promise<void>): Promise<void> {
  const address = agent.records.get(vmId)?.pins.address;
  await Promise.race([pause(announceMs), hurried]);
  await withdrawVm(agent.ctx, { vmId });
  await Promise.race([pause(handOverMs), hurried]);
  if (address !== undefined) await endHandOver(agent.ctx, { address });
  await giveBackGpus(agent, vmId);
  await removeVmNetwork(agent.ctx, vmId);
  await agent.ctx.system.remove(vmFolder(agent.ctx.paths, vmId));
  await agent.ctx.system.remove(vmRunFolder(agent.ctx.paths, vmId));
  await dropRestartNote(agent.ctx, vmId);
  await removeVmLogs(agent.ctx, vmId);
}
