// From a record to a QEMU that stands still with its monitor answered: disks made, network made, process started and
// written down. Used for a start and for the destination of a move alike.

import { gpuPortsFor } from "../../../model/gpu/vm/vm-gpus";
import type { RecordedQemu, VmRecord } from "../../../model/ownership";
import type { NicPorts } from "../../../model/qemu-argv/pci-layout";
import { diskNode, type QemuLaunch } from "../../../model/qemu-argv/qemu-launch";
import type { Progress } from "../../../protocol/operation";
import type { Agent } from "../../agent";
import type { AgentContext } from "../../agent-context";
import { vmFolder, vmRunFolder } from "../../host-paths";
import { ensureDisk } from "../../images/fill-disk";
import { imagePath } from "../../images/image-store";
import { readMeshState } from "../../mesh/mesh-state";
import { setVmNetwork } from "../../net/vm-network";
import { startQemu } from "../../qemu/start-qemu";
import { giveBackGpus, takeGpus, wantedGpus } from "../gpus/take-gpus";
import { noteKnown } from "../record/known-since-boot";
import { adoptMachine } from "./adopt-machine";
import { endMachine } from "./end-machine";
import type { Machine } from "./machines";

export { diskNode };

/** How to launch. An incoming one fills no disk from an image: the mirror does. A `carrier` only holds the disks open, for a move of a VM that does not run: its guest never takes a step. */
export interface LaunchWay {
  readonly incoming: boolean;
  readonly carrier?: boolean;
  /** With `incoming`: what the source's machine has, which this one must be like. A machine that begins anew has one port a NIC. */
  readonly nicPorts?: NicPorts | undefined;
  /** With `incoming`: likewise. */
  readonly gpuPorts?: number | undefined;
  /** With `incoming`: the GPUs are there from the start; else they are plugged in once the guest runs here. */
  readonly carriesGpus?: boolean;
  readonly report?: (progress: Progress) => void;
}

/** Path of a disk on this host. */
export function diskPath(ctx: AgentContext, vmId: string, name: string): string {
  return `${vmFolder(ctx.paths, vmId)}/disks/${name}.raw`;
}

/** Launches with -S and holds its monitor. Errors: START_FAILED, IMAGE_INVALID, DISK_SPACE_SHORT, NETWORK_CONFLICT. */
export async function launchMachine(agent: Agent, record: VmRecord, way: LaunchWay): Promise<Machine> {
  await endMachine(agent, record.vmId); // a mute or half-started QEMU of an earlier attempt
  await makeFolders(agent.ctx, record);
  for (const disk of record.spec.disks) {
    way.report?.({ phase: "disks", message: disk.name });
    const { image, ...empty } = disk;
    await ensureDisk(
      agent.ctx,
      diskPath(agent.ctx, record.vmId, disk.name),
      way.incoming || image === undefined ? empty : disk,
      record.uid,
    );
  }
  const launch = way.carrier === true ? carrierOf(agent.ctx, record) : await guestOf(agent, record, way);
  way.report?.({ phase: "launch" });
  const started = await startQemu(agent.ctx, { launch, uid: record.uid });
  const { pid, startTicks } = started.mark;
  const booted = way.incoming ? {} : { bootedAtMs: agent.ctx.system.nowMs() };
  await agent.records.save({
    ...(agent.records.get(record.vmId) ?? record),
    ...(way.carrier === true ? {} : { ...booted, launched: record.spec }),
    qemu: { pid, startTicks, ...portsOf(record, way) },
  });
  if (!way.incoming) await noteKnown(agent.ctx, record);
  return adoptMachine(agent, { vmId: record.vmId, mark: started.mark, qmp: started.client });
}

/** Only the sockets' folder is the VM's user's: a QEMU that was broken out of can put no link where we act as root. */
async function makeFolders(ctx: AgentContext, record: VmRecord): Promise<void> {
  const { system, paths } = ctx;
  for (const folder of [`${paths.storage}/vm`, vmFolder(paths, record.vmId), `${vmFolder(paths, record.vmId)}/disks`])
    await system.makeFolder(folder, 0o711);
  const run = vmRunFolder(paths, record.vmId);
  await system.remove(run);
  await system.makeFolder(run, 0o700);
  await system.setOwner(run, record.uid, record.uid);
}

async function makeNetwork(agent: Agent, record: VmRecord): Promise<{ taps: readonly string[] }> {
  const mesh = await readMeshState(agent.ctx);
  return setVmNetwork(agent.ctx, {
    vmId: record.vmId,
    name: record.spec.name,
    uid: record.uid,
    nics: record.spec.nics,
    macs: record.pins.macs,
    mtu: mesh?.parameters.mtu ?? 1420,
    ...(record.pins.address === undefined ? {} : { address: record.pins.address }),
  });
}

async function guestOf(agent: Agent, record: VmRecord, way: LaunchWay): Promise<QemuLaunch> {
  way.report?.({ phase: "network" });
  const { taps } = await makeNetwork(agent, record);
  // Also where they are plugged in later: from now on they are this VM's.
  await giveBackGpus(agent, record.vmId, await wantedGpus(agent.ctx, record.spec));
  const gpus = await takeGpus(agent, record);
  const launch = { ...launchOf(agent.ctx, record, taps, way.incoming), ...portsOf(record, way) };
  return gpus.length === 0 || (way.incoming && way.carriesGpus !== true) ? launch : { ...launch, gpus };
}

/** The root ports of a machine that is launched so. */
export function portsOf({ spec }: VmRecord, way: LaunchWay): Pick<RecordedQemu, "nicPorts" | "gpuPorts"> {
  const nicPorts = way.incoming ? way.nicPorts : "each";
  const gpuPorts = way.incoming ? (way.gpuPorts ?? 0) : gpuPortsFor(spec);
  return { ...(nicPorts === undefined ? {} : { nicPorts }), ...(gpuPorts === 0 ? {} : { gpuPorts }) };
}

const carrierMemoryBytes = 64 * 1024 ** 2;

/** The smallest machine that has the VM's disks. */
function carrierOf(ctx: AgentContext, record: VmRecord): QemuLaunch {
  const { boot: _none, ...launch } = launchOf(ctx, record, [], false);
  return { ...launch, vcpus: 1, memoryBytes: carrierMemoryBytes };
}

function launchOf(ctx: AgentContext, record: VmRecord, taps: readonly string[], incoming: boolean): QemuLaunch {
  const { spec, pins } = record;
  return {
    vmId: record.vmId,
    machine: pins.machine,
    cpuModel: pins.cpuModel,
    accelerator: pins.accelerator,
    vcpus: spec.vcpus,
    memoryBytes: spec.memoryBytes,
    runFolder: vmRunFolder(ctx.paths, record.vmId),
    disks: spec.disks.map(({ name }) => ({ name, path: diskPath(ctx, record.vmId, name) })),
    nics: taps.map((tap, index) => ({ tap, mac: pins.macs[index] ?? "" })),
    incoming,
    ...(spec.boot === undefined ? {} : { boot: bootOf(ctx, spec.boot) }),
  };
}

function bootOf(ctx: AgentContext, boot: NonNullable<VmRecord["spec"]["boot"]>): NonNullable<QemuLaunch["boot"]> {
  return {
    kernelPath: imagePath(ctx, boot.kernel),
    cmdline: boot.cmdline,
    ...(boot.initrd === undefined ? {} : { initrdPath: imagePath(ctx, boot.initrd) }),
  };
}
