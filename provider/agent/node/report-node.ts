// What this host says of itself: read anew at each call, but for the probes that keep their own memory.

import { arch, cpus, totalmem } from "node:os";
import type { NodeReport } from "../../protocol/node";
import { productVersion } from "../../protocol/version";
import type { Agent } from "../agent";
import type { AgentContext } from "../agent-context";
import { readGpuFacts } from "../gpu/inventory/read-gpu-facts";
import { describeMesh, findMeshConflicts, readIdentity } from "../mesh/mesh";
import { readCachedAccelerators } from "../qemu/probe-accelerators";
import { probeQemu } from "../qemu/probe-qemu";
import { findMissingPackages } from "./find-missing-packages";
import { readNodeSettings } from "./node-settings";

/** The report. Parts that cannot be read are absent; it never fails for one of them. */
export async function reportNode(agent: Agent): Promise<NodeReport> {
  const { ctx } = agent;
  const [identity, settings, mesh, missing] = await Promise.all([
    readIdentity(ctx),
    readNodeSettings(ctx.system),
    describeMesh(ctx),
    findMissingPackages(ctx),
  ]);
  const qemu = missing.some((entry) => entry.program.startsWith("qemu-system")) ? undefined : await probeQemu(ctx);
  const accelerators = qemu === undefined ? undefined : await readCachedAccelerators(ctx);
  const gpus = await readGpuFacts(ctx, agent.gpus.records.all());
  const owned = agent.records.all().filter((record) => ["owner", "incoming", "released"].includes(record.role));
  return {
    identity,
    name: settings.name ?? identity.nodeId,
    os: await readOs(ctx),
    arch: arch(),
    cpus: cpus().length,
    memoryBytes: totalmem(),
    availableMemoryBytes: await readAvailableMemory(ctx),
    storageFreeBytes: await readFreeBytes(ctx),
    storagePath: ctx.paths.storage,
    agentVersion: productVersion,
    bundleHash: agent.bundleHash,
    missingPackages: missing,
    installedBySetup: settings.installedBySetup,
    conflicts: await findMeshConflicts(ctx),
    links: mesh?.links ?? [],
    vmIds: owned.map((record) => record.vmId),
    ...(settings.owner === undefined ? {} : { owner: settings.owner }),
    ...(qemu === undefined ? {} : { qemuVersion: qemu.version }),
    ...(accelerators === undefined ? {} : { accelerators }),
    ...(gpus === undefined ? {} : { gpus }),
    ...(mesh === undefined ? {} : { mesh: mesh.parameters, descriptor: mesh.descriptor }),
  };
}

/** Name and version from os-release(5). */
async function readOs(ctx: AgentContext): Promise<string> {
  const text = (await ctx.system.readText("/etc/os-release")) ?? "";
  return /^PRETTY_NAME="?([^"\n]*)"?$/m.exec(text)?.[1] ?? "Linux";
}

/** MemAvailable of /proc/meminfo (proc(5)), in bytes. */
export async function readAvailableMemory(ctx: AgentContext): Promise<number> {
  const text = (await ctx.system.readText("/proc/meminfo")) ?? "";
  return Number(/^MemAvailable:\s+(\d+) kB$/m.exec(text)?.[1] ?? 0) * 1024;
}

/** Room for disks, in bytes: df(1) on the nearest folder that exists. It makes none: a host that leaves may just have removed it. */
export async function readFreeBytes({ system, paths }: AgentContext): Promise<number> {
  let folder = paths.storage;
  while (folder !== "" && !(await system.exists(folder))) folder = folder.slice(0, folder.lastIndexOf("/"));
  const shown = await system.run(["df", "--output=avail", "--block-size=1", folder === "" ? "/" : folder]);
  return Number(shown.stdout.trim().split("\n").at(-1) ?? 0);
}
