// What is chosen once for a VM: machine type, CPU model, accelerator, MAC addresses, mesh address, user. Chosen before
// anything is made and then kept wherever the VM goes.

import { LeeaError } from "../../../model/errors";
import { macFor } from "../../../model/mac-address";
import type { VmRecord } from "../../../model/ownership";
import { composeCpuModel } from "../../../model/qemu-argv/cpu-model";
import type { VmPins, VmSpec } from "../../../model/vm-spec";
import type { PutVmRequest } from "../../../protocol/vm";
import type { Agent } from "../../agent";
import { readMeshState } from "../../mesh/mesh-state";
import { chooseVmAddress } from "../../net/vm-address";
import { probeAccelerators } from "../../qemu/probe-accelerators";
import { probeQemu } from "../../qemu/probe-qemu";
import { readCpuVendor } from "../../qemu/read-cpu-vendor";
import { chooseUid } from "./choose-uid";

/** A record for a VM that this host does not own yet. Generation and incarnation go on from what the host remembers. */
export async function birthRecord(agent: Agent, vmId: string, request: PutVmRequest): Promise<VmRecord> {
  const earlier = agent.records.get(vmId);
  return {
    vmId,
    owner: request.owner,
    logicalName: request.logicalName,
    role: "owner",
    generation: (earlier?.generation ?? 0) + 1,
    incarnation: (earlier?.incarnation ?? 0) + 1,
    spec: request.spec,
    pins: await choosePins(agent, vmId, request.spec),
    uid: chooseUid(agent, vmId),
    operationId: request.operationId,
    wantsToRun: request.spec.powerState === "running",
  };
}

async function choosePins(agent: Agent, vmId: string, spec: VmSpec): Promise<VmPins> {
  const qemu = await probeQemu(agent.ctx);
  const accelerators = await probeAccelerators(agent.ctx);
  const accelerator = accelerators.includes("kvm") ? "kvm" : "tcg";
  const address = await chooseAddress(agent, vmId, spec);
  return {
    machine: qemu.machine,
    cpuModel: await chooseCpuModel(agent, spec.cpu, accelerator),
    accelerator,
    macs: spec.nics.map((_, index) => macFor(vmId, index)),
    ...(address === undefined ? {} : { address }),
  };
}

/** QEMU's model for a declared CPU on this host. */
export async function chooseCpuModel(
  agent: Agent,
  cpu: VmSpec["cpu"],
  accelerator: VmPins["accelerator"],
): Promise<string> {
  return composeCpuModel({ cpu, accelerator, ...(await readCpuVendor(agent.ctx)) });
}

/** The address that the VM would get; undefined without a mesh NIC. Errors: those of chooseVmAddress, NOT_ALLOWED_NOW. */
export async function chooseAddress(agent: Agent, vmId: string, spec: VmSpec): Promise<string | undefined> {
  const nic = spec.nics.find((candidate) => candidate.kind === "mesh");
  if (nic === undefined) return undefined;
  const mesh = await readMeshState(agent.ctx);
  if (mesh === undefined)
    throw new LeeaError({
      code: "NOT_ALLOWED_NOW",
      message: "the host is in no mesh",
      hint: "Create its MeshNode first.",
    });
  const wanted = nic.kind === "mesh" ? nic.address : undefined;
  const others = agent.records.all().filter((record) => record.vmId !== vmId && record.role === "owner");
  const taken = others.flatMap((record) =>
    record.pins.address === undefined
      ? []
      : [{ address: record.pins.address, by: `VM "${record.spec.name}" of ${record.owner}` }],
  );
  return chooseVmAddress(agent.ctx, {
    vmRange: mesh.parameters.vmRange,
    vmId,
    taken,
    ...(wanted === undefined ? {} : { wanted }),
  });
}
