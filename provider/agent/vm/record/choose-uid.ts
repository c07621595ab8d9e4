// The numeric user of a VM's QEMU: one a VM, from a range that no distribution hands out; kept in the VM's record.

import { LeeaError } from "../../../model/errors";
import type { Agent } from "../../agent";

const firstUid = 900_000;
const uidCount = 10_000;

/** The VM's user on this host, or a free one. */
export function chooseUid(agent: Agent, vmId: string): number {
  const own = agent.records.get(vmId);
  if (own !== undefined && own.uid >= firstUid && own.uid < firstUid + uidCount && !isShared(agent, vmId, own.uid))
    return own.uid;
  const used = new Set(agent.records.all().map((record) => record.uid));
  for (let uid = firstUid; uid < firstUid + uidCount; uid += 1) if (!used.has(uid)) return uid;
  throw new LeeaError({
    code: "NOT_ALLOWED_NOW",
    message: "all numeric users for VMs are taken on this host",
    hint: "Delete VMs that are not needed.",
  });
}

function isShared(agent: Agent, vmId: string, uid: number): boolean {
  return agent.records.all().some((record) => record.uid === uid && record.vmId !== vmId);
}
