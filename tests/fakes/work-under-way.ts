// Work that a fake host is still doing: a VM takes one operation at a time, and one that is followed comes to its end.

import { LeeaError } from "../../provider/model/errors";
import type { Operation } from "../../provider/protocol/operation";
import type { VmReport } from "../../provider/protocol/vm";

interface WorkingHost {
  readonly vms: Map<string, VmReport>;
  readonly operations: Map<string, Operation>;
}

/** The VM is still being made by an earlier run, or started by its host, and does not run yet. */
export function beginWork(
  { vms, operations }: WorkingHost,
  vmId: string,
  { operationId, kind }: Pick<Operation, "operationId" | "kind">,
): void {
  const vm = vms.get(vmId);
  if (vm === undefined) throw new Error(`no VM ${vmId}`);
  vms.set(vmId, { ...vm, state: "crashed", operationId });
  const progress = { phase: "start" };
  operations.set(operationId, { operationId, kind, vmId, state: "running", progress, startedAtMs: 0 });
}

/** The end of it, as it is told to who follows. */
export function endWork({ vms, operations }: WorkingHost, running: Operation): Operation {
  const ended: Operation = { ...running, state: "succeeded" };
  operations.set(running.operationId, ended);
  for (const [vmId, { operationId, ...vm }] of vms)
    if (operationId === running.operationId) vms.set(vmId, { ...vm, state: "running" });
  return ended;
}

/** NOT_ALLOWED_NOW while it is being changed. */
export function refuseBusy(vm: VmReport | undefined): void {
  if (vm?.operationId === undefined) return;
  throw new LeeaError({ code: "NOT_ALLOWED_NOW", message: `${vm.operationId} is changing the VM` });
}
