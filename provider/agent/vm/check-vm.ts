// Everything that stands against a VM on this host, before anything is made: all reasons at once, nothing changes.

import type { VmRecord } from "../../model/ownership";
import type { VmSpec } from "../../model/vm-spec";
import type { PutVmRequest } from "../../protocol/vm";
import { cpus } from "node:os";
import type { Agent } from "../agent";
import { describeMesh } from "../mesh/mesh";
import { findMissingPackages } from "../node/find-missing-packages";
import { readAvailableMemory, readFreeBytes } from "../node/report-node";

/** Reasons as sentences, each with the field where there is one; empty where the VM can be made. */
export async function checkVm(agent: Agent, vmId: string, request: PutVmRequest): Promise<readonly string[]> {
  const known = agent.records.get(vmId);
  const { spec } = request;
  const groups = await Promise.all([
    checkOwner(known, request),
    checkPrograms(agent),
    checkSize(agent, known, spec),
    checkBridges(agent, spec),
    checkAddress(agent, vmId, spec),
    checkMesh(agent, spec),
  ]);
  return groups.flat();
}

function checkOwner(known: VmRecord | undefined, request: PutVmRequest): readonly string[] {
  if (known === undefined || known.role === "deleted" || known.role === "abandoned" || known.owner === request.owner) return [];
  return [`the same VM belongs to ${known.owner}`];
}

async function checkPrograms(agent: Agent): Promise<readonly string[]> {
  return (await findMissingPackages(agent.ctx)).map((entry) => `the host lacks ${entry.program} (package ${entry.package})`);
}

async function checkSize(agent: Agent, known: VmRecord | undefined, spec: VmSpec): Promise<readonly string[]> {
  const reasons: string[] = [];
  if (spec.vcpus > cpus().length) reasons.push(`vcpus: ${spec.vcpus} are more than the host's ${cpus().length} processors`);
  const held = known !== undefined && agent.machines.get(known.vmId) !== undefined ? known.spec.memoryBytes : 0;
  const available = (await readAvailableMemory(agent.ctx)) + held;
  if (spec.memoryBytes > available) reasons.push(`memory: ${mebibytes(spec.memoryBytes)} are more than the ${mebibytes(available)} that the host has left`);
  const grown = spec.disks.reduce((sum, disk) => sum + disk.sizeBytes - (known?.spec.disks.find((old) => old.name === disk.name)?.sizeBytes ?? 0), 0);
  const free = await readFreeBytes(agent.ctx);
  if (grown > free) reasons.push(`disks: ${mebibytes(grown)} are more than the ${mebibytes(free)} free under ${agent.ctx.paths.storage}`);
  return reasons;
}

async function checkBridges(agent: Agent, spec: VmSpec): Promise<readonly string[]> {
  const reasons: string[] = [];
  for (const [index, nic] of spec.nics.entries()) {
    if (nic.kind !== "bridge" || (await agent.ctx.system.exists(`/sys/class/net/${nic.bridge}/bridge`))) continue;
    reasons.push(`nics[${index}].bridge: the host has no bridge "${nic.bridge}"`);
  }
  return reasons;
}

async function checkAddress(agent: Agent, vmId: string, spec: VmSpec): Promise<readonly string[]> {
  const reasons: string[] = [];
  for (const [index, nic] of spec.nics.entries()) {
    if (nic.kind !== "mesh" || nic.address === undefined) continue;
    const other = agent.records.all().find((record) => record.vmId !== vmId && record.role === "owner" && record.pins.address === nic.address);
    if (other !== undefined) reasons.push(`nics[${index}].mesh.address: ${nic.address} is VM "${other.spec.name}"'s, of ${other.owner}`);
  }
  return reasons;
}

async function checkMesh(agent: Agent, spec: VmSpec): Promise<readonly string[]> {
  if (spec.nics.every((nic) => nic.kind !== "mesh") || (await describeMesh(agent.ctx)) !== undefined) return [];
  return ["the host is in no mesh: create its MeshNode first"];
}

function mebibytes(bytes: number): string {
  return `${Math.floor(bytes / 1048576)} MiB`;
}
