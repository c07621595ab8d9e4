// Ends a VM's QEMU for good: asked to quit, then killed by its mark. Returns only when the process is gone.

import { LeeaError } from "../../../model/errors";
import type { Agent } from "../../agent";
import { pause } from "../../migration/poll-until";
import { listQemus } from "../../qemu/qemu-processes";
import type { ProcessMark } from "../../system/system";

const quitMs = 3_000;
const killMs = 10_000;

/** Ends the QEMU that the record or the live machine names; nothing where there is none. */
export async function endMachine(agent: Agent, vmId: string): Promise<void> {
  const machine = agent.machines.get(vmId);
  const mark: ProcessMark | undefined = machine?.mark ?? (await findMark(agent, vmId));
  agent.machines.detach(vmId);
  if (machine !== undefined) {
    await machine.qmp.execute("quit", {}, { timeoutMs: quitMs }).catch(() => undefined); // mute or gone already: killed below
    machine.qmp.close();
  }
  if (mark === undefined || (await isGone(agent, mark, quitMs))) return;
  await agent.ctx.system.signal(mark, "SIGKILL");
  if (await isGone(agent, mark, killMs)) return;
  throw new LeeaError({
    code: "TIMED_OUT",
    message: `QEMU (pid ${mark.pid}) of VM ${vmId} does not end`,
    hint: "It may hang in the kernel; look at the host's log (dmesg).",
  });
}

/** The record's process, or one whose start the agent did not live to write down. */
async function findMark(agent: Agent, vmId: string): Promise<ProcessMark | undefined> {
  const noted = agent.records.get(vmId)?.qemu;
  if (noted !== undefined && (await agent.ctx.system.isAlive(noted))) return noted;
  return (await listQemus(agent.ctx)).find((qemu) => qemu.vmId === vmId)?.mark;
}

async function isGone(agent: Agent, mark: ProcessMark, timeoutMs: number): Promise<boolean> {
  const deadline = performance.now() + timeoutMs;
  while (performance.now() < deadline) {
    if (!(await agent.ctx.system.isAlive(mark))) return true;
    await pause(20);
  }
  return false;
}
