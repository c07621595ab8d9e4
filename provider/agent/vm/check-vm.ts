// Everything that stands against a VM on this host, before anything is made: all reasons at once, nothing changes.

import { cpus } from "node:os";
import { isLeeaError, type Problem } from "../../model/errors";
import type { VmRecord } from "../../model/ownership";
import type { VmSpec } from "../../model/vm-spec";
import type { PutVmRequest } from "../../protocol/vm";
import type { Agent } from "../agent";
import { inspectImage } from "../images/fill-disk";
import { imagePath } from "../images/image-store";
import { readMeshState } from "../mesh/mesh-state";
import { findMissingPackages } from "../node/find-missing-packages";
import { readAvailableMemory, readFreeBytes } from "../node/report-node";
import { checkGpus } from "./gpus/check-gpus";
import { diskPath } from "./machine/launch-machine";
import { chooseAddress } from "./record/birth-record";

/** Reasons as sentences, each with the field where there is one; empty where the VM can be made. */
export async function checkVm(agent: Agent, vmId: string, request: PutVmRequest): Promise<readonly string[]> {
  const known = agent.records.get(vmId);
  const { spec } = request;
  const groups = await Promise.all([
    checkPrograms(agent),
    checkSize(agent, known, spec),
    checkBridges(agent, spec),
    checkAddress(agent, vmId, spec),
    checkMesh(agent, spec),
    checkImages(agent, vmId, spec),
    checkGpus(agent, vmId, spec),
  ]);
  return [...checkOwner(known, request), ...groups.flat()];
}

function checkOwner(known: VmRecord | undefined, request: PutVmRequest): readonly string[] {
  if (known === undefined || known.role === "deleted" || known.role === "abandoned" || known.owner === request.owner)
    return [];
  return [`the same VM belongs to ${known.owner}`];
}

async function checkPrograms(agent: Agent): Promise<readonly string[]> {
  return (await findMissingPackages(agent.ctx)).map(
    (entry) => `the host lacks ${entry.program} (package ${entry.package})`,
  );
}

async function checkSize(agent: Agent, known: VmRecord | undefined, spec: VmSpec): Promise<readonly string[]> {
  const reasons: string[] = [];
  if (spec.vcpus > cpus().length)
    reasons.push(`vcpus: ${spec.vcpus} are more than the host's ${cpus().length} processors`);
  const held = known !== undefined && agent.machines.get(known.vmId) !== undefined ? known.spec.memoryBytes : 0;
  const available = (await readAvailableMemory(agent.ctx)) + held;
  if (spec.memoryBytes > available)
    reasons.push(
      `memory: ${mebibytes(spec.memoryBytes)} are more than the ${mebibytes(available)} that the host has left`,
    );
  const grown = spec.disks.reduce(
    (sum, disk) => sum + disk.sizeBytes - (known?.spec.disks.find((old) => old.name === disk.name)?.sizeBytes ?? 0),
    0,
  );
  const free = await readFreeBytes(agent.ctx);
  if (grown > free)
    reasons.push(
      `disks: ${mebibytes(grown)} are more than the ${mebibytes(free)} free under ${agent.ctx.paths.storage}`,
    );
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

/** An address asked for and taken, on this host or elsewhere in the mesh, or outside of its range. Chosen here only to see. */
async function checkAddress(agent: Agent, vmId: string, spec: VmSpec): Promise<readonly string[]> {
  const asked = spec.nics.some((nic) => nic.kind === "mesh" && nic.address !== undefined);
  if (!asked || (await readMeshState(agent.ctx)) === undefined) return [];
  try {
    await chooseAddress(agent, vmId, spec);
    return [];
  } catch (error) {
    if (isLeeaError(error, "CONFLICT")) return [error.message];
    if (!isLeeaError(error, "INPUT_INVALID")) throw error;
    const { problems } = error.details as { problems: readonly Problem[] };
    return problems.map(({ field, message }) => `${field}: ${message}`);
  }
}

/** Images of disks that are still to be filled. One that cannot be used is taken out of the store again: nobody can want it. */
async function checkImages(agent: Agent, vmId: string, spec: VmSpec): Promise<readonly string[]> {
  const reasons: string[] = [];
  for (const [index, { name, image, sizeBytes }] of spec.disks.entries()) {
    if (image === undefined || (await agent.ctx.system.exists(diskPath(agent.ctx, vmId, name)))) continue;
    try {
      const { virtualBytes } = await inspectImage(agent.ctx, image);
      if (virtualBytes > sizeBytes)
        reasons.push(
          `disks[${index}].size: ${mebibytes(sizeBytes)} are less than the ${mebibytes(virtualBytes)} of its image's disk`,
        );
    } catch (error) {
      if (!isLeeaError(error, "IMAGE_INVALID")) throw error;
      await agent.ctx.system.remove(imagePath(agent.ctx, image));
      reasons.push(`disks[${index}].image: ${error.message}`);
    }
  }
  return reasons;
}

async function checkMesh(agent: Agent, spec: VmSpec): Promise<readonly string[]> {
  if (spec.nics.every((nic) => nic.kind !== "mesh") || (await readMeshState(agent.ctx)) !== undefined) return [];
  return ["the host is in no mesh: create its MeshNode first"];
}

function mebibytes(bytes: number): string {
  return `${Math.floor(bytes / 1048576)} MiB`;
}
