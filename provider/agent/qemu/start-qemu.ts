// Starts a VM's QEMU as its own user and waits until its monitor answers. The guest stands still afterwards. Must never
// leave a process behind that it did not hand over.

import { isLeeaError, LeeaError } from "../../model/errors";
import { qemuArgv } from "../../model/qemu-argv/qemu-argv";
import { type QemuLaunch, qemuSockets } from "../../model/qemu-argv/qemu-launch";
import type { AgentContext } from "../agent-context";
import { connectQmp, type QmpClient } from "../qmp/qmp-client";
import type { ProcessMark } from "../system/system";
import { readKvmAccess } from "./kvm-access";
import { probeQemu } from "./probe-qemu";
import { startFailure } from "./start-failure";
import { beginQemuLog } from "./vm-log-files";

const readyTimeoutMs = 30_000;
const pollMs = 20;
const overheadBytes = 1024 * 1024 * 1024;

/** What to start, and as whom. The run folder, the disks and the taps are there and belong to `uid`. */
export interface QemuStart {
  readonly launch: QemuLaunch;
  readonly uid: number;
}

/** A QEMU that stands at `prelaunch` or `inmigrate`, and the monitor of it. */
export interface StartedQemu {
  readonly mark: ProcessMark;
  readonly client: QmpClient;
}

/** Starts QEMU. Errors: START_FAILED (details.log: the end of its own words), INPUT_INVALID, PACKAGES_MISSING. */
export async function startQemu(ctx: AgentContext, start: QemuStart): Promise<StartedQemu> {
  const { launch, uid } = start;
  const argv = qemuArgv(launch);
  const { path } = await probeQemu(ctx);
  const logPath = await beginQemuLog(ctx, launch.vmId);
  const mark = await ctx.system.startDaemon({
    name: `vm-${launch.vmId}`,
    argv: [path, ...argv],
    cwd: launch.runFolder,
    uid,
    groups: await acceleratorGroups(ctx, launch),
    logPath,
    memoryLimitBytes: launch.memoryBytes + Math.ceil(launch.memoryBytes / 20) + overheadBytes,
    // A passed device reaches all of the guest's memory by itself, so that is locked; also for one that is plugged later.
    ...((launch.gpuPorts ?? 0) === 0 ? {} : { memlockBytes: launch.memoryBytes + overheadBytes }),
  });
  const client = await waitForMonitor(ctx, mark, launch.runFolder);
  if (client !== undefined) return { mark, client };
  await ctx.system.signal(mark, "SIGKILL");
  throw startFailure(launch.vmId, (await ctx.system.readText(logPath)) ?? "");
}

async function acceleratorGroups(ctx: AgentContext, launch: QemuLaunch): Promise<readonly number[]> {
  if (launch.accelerator !== "kvm") return [];
  const access = await readKvmAccess(ctx);
  if (access.usable) return access.groups;
  throw new LeeaError({
    code: "START_FAILED",
    message: `Unable to start VM ${launch.vmId} under KVM: ${access.reason}`,
    hint: "Give /dev/kvm to a group of its own (`chgrp kvm /dev/kvm; chmod 660 /dev/kvm`), as udev does.",
  });
}

/** The monitor, or nothing where QEMU died or stayed mute for too long. */
async function waitForMonitor(ctx: AgentContext, mark: ProcessMark, runFolder: string): Promise<QmpClient | undefined> {
  const deadline = performance.now() + readyTimeoutMs;
  while (performance.now() < deadline) {
    const client = await tryMonitor(qemuSockets(runFolder).qmp, deadline - performance.now());
    if (client !== undefined) return client;
    if (!(await ctx.system.isAlive(mark))) return undefined;
    await new Promise((resolve) => setTimeout(resolve, pollMs));
  }
  return undefined;
}

async function tryMonitor(socketPath: string, timeoutMs: number): Promise<QmpClient | undefined> {
  try {
    return await connectQmp(socketPath, { timeoutMs: Math.max(1, timeoutMs) });
  } catch (error) {
    if (isLeeaError(error, "QMP_CLOSED") || isLeeaError(error, "TIMED_OUT")) return undefined; // not there yet
    throw error;
  }
}
