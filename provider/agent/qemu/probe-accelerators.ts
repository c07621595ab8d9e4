// Which accelerators work, found by running: a machine can have a /dev/kvm that starts and runs no real guest. Asked
// once a boot and a QEMU binary. "Agent ready" must not wait for it; the first create does.

import { isLeeaError } from "../../model/errors";
import { composeCpuModel } from "../../model/qemu-argv/cpu-model";
import type { AgentContext } from "../agent-context";
import { bootProbeExitCode, bootProbeKernel } from "./boot-probe-kernel";
import { readKvmAccess } from "./kvm-access";
import { probeQemu } from "./probe-qemu";

/** A /dev/kvm that runs no guest hangs for good. Software emulation never does: a busy host only takes its time. */
const limitMs = { kvm: 10_000, tcg: 40_000 };

/** An accelerator. */
export type Accelerator = "kvm" | "tcg";

/** What one accelerator did. `reason` says why it does not work. */
export interface AcceleratorProbe {
  readonly accelerator: Accelerator;
  readonly works: boolean;
  readonly reason?: string;
}

/** `isLate`: it ran out of its time. */
type ProbeEnd = AcceleratorProbe & { readonly isLate?: boolean };

interface Kept {
  readonly stamp: string;
  readonly probes: readonly AcceleratorProbe[];
}

/** The accelerators that run a guest, best first. Errors: PACKAGES_MISSING, COMMAND_FAILED (of QEMU itself). */
export async function probeAccelerators(ctx: AgentContext): Promise<readonly Accelerator[]> {
  return working(await probeAcceleratorsInDetail(ctx));
}

/** The same, with the reason for each that does not work. */
export async function probeAcceleratorsInDetail(ctx: AgentContext): Promise<readonly AcceleratorProbe[]> {
  const { path, stamp } = await currentStamp(ctx);
  const kept = await readKept(ctx, stamp);
  if (kept !== undefined) return kept;
  const kernelPath = `${ctx.paths.state}/probe/boot-probe.bin`;
  await ctx.system.writeDurable(kernelPath, bootProbeKernel());
  const kvm = await probeKvm(ctx, path, kernelPath);
  const { isLate, ...tcg } = await bootProbe(ctx, path, { accelerator: "tcg", kernelPath });
  const probes = [kvm, tcg];
  for (const probe of probes) ctx.log.write("info", "accelerator-probed", { ...probe });
  // A host too busy for its own emulation was not judged: kept, that would refuse every VM until the next boot.
  if (isLate === true) return probes;
  await ctx.system.writeDurable(cacheFile(ctx), `${JSON.stringify({ stamp, probes } satisfies Kept)}\n`);
  return probes;
}

/** What an earlier probe of this boot and this QEMU found; undefined where there was none. Runs no guest. */
export async function readCachedAccelerators(ctx: AgentContext): Promise<readonly Accelerator[] | undefined> {
  const kept = await readKept(ctx, (await currentStamp(ctx)).stamp);
  return kept === undefined ? undefined : working(kept);
}

function working(probes: readonly AcceleratorProbe[]): readonly Accelerator[] {
  return probes.filter(({ works }) => works).map(({ accelerator }) => accelerator);
}

async function probeKvm(ctx: AgentContext, path: string, kernelPath: string): Promise<AcceleratorProbe> {
  const access = await readKvmAccess(ctx);
  if (!(await ctx.system.exists("/dev/kvm")))
    return { accelerator: "kvm", works: false, reason: "there is no /dev/kvm" };
  const { isLate: _, ...probe } = await bootProbe(ctx, path, { accelerator: "kvm", kernelPath });
  return probe.works && !access.usable ? { accelerator: "kvm", works: false, reason: access.reason } : probe;
}

/** Boots the probe on the CPU that VMs get by default. */
async function bootProbe(
  ctx: AgentContext,
  path: string,
  probe: { accelerator: Accelerator; kernelPath: string },
): Promise<ProbeEnd> {
  const { accelerator, kernelPath } = probe;
  const machine = [
    "-machine",
    "q35",
    "-accel",
    accelerator,
    "-cpu",
    composeCpuModel({ cpu: "portable", accelerator }),
    "-m",
    "32M",
  ];
  const bare = ["-nodefaults", "-no-user-config", "-display", "none", "-no-reboot"];
  const payload = ["-kernel", kernelPath, "-device", "isa-debug-exit,iobase=0xf4,iosize=1"];
  try {
    await ctx.system.run([path, ...machine, ...bare, ...payload], {
      timeoutMs: limitMs[accelerator],
      acceptExitCodes: [bootProbeExitCode],
    });
    return { accelerator, works: true };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return { accelerator, works: false, reason, isLate: isLeeaError(error, "TIMED_OUT") };
  }
}

/** A new kernel or a switch in the firmware can change what works: the boot is part of the stamp. */
async function currentStamp(ctx: AgentContext): Promise<{ readonly path: string; readonly stamp: string }> {
  const [qemu, bootId] = await Promise.all([probeQemu(ctx), ctx.system.readText("/proc/sys/kernel/random/boot_id")]);
  return { path: qemu.path, stamp: `${qemu.stamp} ${(bootId ?? "").trim()}` };
}

async function readKept(ctx: AgentContext, stamp: string): Promise<readonly AcceleratorProbe[] | undefined> {
  const text = await ctx.system.readText(cacheFile(ctx));
  if (text === undefined) return undefined;
  const kept = JSON.parse(text) as Kept;
  return kept.stamp === stamp ? kept.probes : undefined;
}

function cacheFile(ctx: AgentContext): string {
  return `${ctx.paths.state}/probe/accelerators.json`;
}
