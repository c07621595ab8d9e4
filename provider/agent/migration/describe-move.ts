// What both hosts say before a move, for the provider to judge. Nothing is changed but that a destination, which has not
// heard yet that an earlier move was given up, is told so now: it would refuse this one.

import { cpus } from "node:os";
import { LeeaError } from "../../model/errors";
import { splitBlockers } from "../../model/gpu/vm/gpu-move";
import type { MoveDestinationReport, MoveNeeds, MoveSourceReport } from "../../protocol/vm";
import type { Agent } from "../agent";
import { reportPartition } from "../gpu/partition/report-partition";
import { readIdentity } from "../mesh/mesh";
import { readMeshState } from "../mesh/mesh-state";
import { findMissingPackages } from "../node/find-missing-packages";
import { readAvailableMemory, readFreeBytes } from "../node/report-node";
import { probeAccelerators } from "../qemu/probe-accelerators";
import { probeQemu } from "../qemu/probe-qemu";
import { readCpuVendor } from "../qemu/read-cpu-vendor";
import { checkGpus } from "../vm/gpus/check-gpus";
import { wantedGpus } from "../vm/gpus/take-gpus";
import { restartFirst, waitsForRestart } from "../vm/needs-restart";
import { reportVm } from "../vm/report-vm";
import { tellGivenUpNow } from "./source/tell-given-up";

/** The source's word on one of its VMs. Error: NOT_FOUND. */
export async function describeSource(agent: Agent, vmId: string): Promise<MoveSourceReport> {
  const record = agent.records.get(vmId);
  if (record === undefined || record.role === "deleted")
    throw new LeeaError({ code: "NOT_FOUND", message: `this host has no VM ${vmId}`, hint: "Run a refresh." });
  await tellGivenUpNow(agent, vmId);
  const [qemu, mesh, report] = await Promise.all([
    probeQemu(agent.ctx),
    readMeshState(agent.ctx),
    reportVm(agent, record),
  ]);
  const info = await agent.machines.get(vmId)?.qmp.execute("query-migrate");
  const blocked = splitBlockers(info?.["blocked-reasons"] ?? []);
  const { spec, pins } = record;
  const roleBlockers = record.role === "owner" ? [] : [`its record says ${record.role}`];
  return {
    needs: {
      vmId,
      vcpus: spec.vcpus,
      memoryBytes: spec.memoryBytes,
      diskBytes: spec.disks.reduce((sum, disk) => sum + disk.sizeBytes, 0),
      machine: pins.machine,
      cpuModel: pins.cpuModel,
      accelerator: pins.accelerator,
      qemuVersion: qemu.version,
      bridges: spec.nics.flatMap((nic) => (nic.kind === "bridge" ? [nic.bridge] : [])),
      ...(mesh === undefined ? {} : { meshId: mesh.parameters.meshId }),
      ...(spec.gpus === undefined ? {} : { gpus: spec.gpus }),
    },
    state: report.state,
    coldBlockers: roleBlockers,
    blockers: [
      ...blocked.others.map((reason) => `QEMU says: ${reason}`),
      ...roleBlockers,
      ...(waitsForRestart(record) ? [restartFirst] : []),
    ],
    ...(spec.gpus === undefined && report.gpus === undefined
      ? {}
      : { gpus: { ports: record.qemu?.gpuPorts ?? 0, plugged: report.gpus?.length ?? 0, blockers: blocked.gpus } }),
  };
}

/** The destination's word on what it would be asked for. */
export async function checkDestination(agent: Agent, needs: MoveNeeds): Promise<MoveDestinationReport> {
  const { ctx } = agent;
  const [identity, mesh, missing] = await Promise.all([
    readIdentity(ctx),
    readMeshState(ctx),
    findMissingPackages(ctx),
  ]);
  const hasQemu = !missing.some((entry) => entry.program.startsWith("qemu-system"));
  const qemu = hasQemu ? await probeQemu(ctx) : undefined;
  const { vendor } = await readCpuVendor(ctx);
  const record = agent.records.get(needs.vmId);
  const holds =
    record !== undefined && ["owner", "incoming", "released"].includes(record.role)
      ? `${record.role}, generation ${record.generation}`
      : undefined;
  return {
    nodeId: identity.nodeId,
    reachableInMesh: mesh !== undefined,
    machines: qemu?.machines ?? [],
    accelerators: hasQemu ? await probeAccelerators(ctx) : [],
    availableMemoryBytes: await readAvailableMemory(ctx),
    cpus: cpus().length,
    storageFreeBytes: await readFreeBytes(ctx),
    missingBridges: await findMissingBridges(agent, needs.bridges),
    ...(mesh === undefined ? {} : { meshId: mesh.parameters.meshId }),
    ...(qemu === undefined ? {} : { qemuVersion: qemu.version }),
    ...(vendor === undefined ? {} : { cpuVendor: vendor }),
    ...(holds === undefined ? {} : { holds }),
    ...(needs.gpus === undefined ? {} : await describeGpusFor(agent, needs)),
  };
}

async function describeGpusFor(
  agent: Agent,
  needs: MoveNeeds,
): Promise<Pick<MoveDestinationReport, "gpuReasons" | "freeGpus">> {
  const gpuReasons = await checkGpus(agent, needs.vmId, needs);
  if ((await wantedGpus(agent.ctx, needs)).length > 0) return { gpuReasons };
  const free = agent.gpus.records.all().filter(({ phase, holder }) => phase === "ready" && holder === undefined);
  const reports = await Promise.all(free.map((record) => reportPartition(agent.ctx, record)));
  return { gpuReasons, freeGpus: reports.map(({ spec, vendor, model }) => `${spec.name} (${vendor} ${model})`) };
}

async function findMissingBridges(agent: Agent, bridges: readonly string[]): Promise<readonly string[]> {
  const missing: string[] = [];
  for (const bridge of bridges)
    if (!/^[A-Za-z0-9_.-]+$/.test(bridge) || !(await agent.ctx.system.exists(`/sys/class/net/${bridge}/bridge`)))
      missing.push(bridge);
  return missing;
}
