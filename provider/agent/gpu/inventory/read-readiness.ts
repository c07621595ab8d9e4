// What the host has and lacks for passing devices to guests. It looks only: no module is loaded by asking.

import { judgeReadiness, type MissingForGpu, readsInterruptRemapping } from "../../../model/gpu/host/host-readiness";
import type { AgentContext } from "../../agent-context";
import { readCpuVendor } from "../../qemu/read-cpu-vendor";
import { hasModule } from "../modules/has-module";

/** What is missing, each with its mend; empty: the host is ready. */
export async function readReadiness(ctx: AgentContext): Promise<readonly MissingForGpu[]> {
  const { system } = ctx;
  const [iommus, cpu, cmdline, dmar, ivrs, interrupts, hasVfioPci, memlockBytes] = await Promise.all([
    system.list("/sys/class/iommu"),
    readCpuVendor(ctx),
    system.readText("/proc/cmdline"),
    system.exists("/sys/firmware/acpi/tables/DMAR"),
    system.exists("/sys/firmware/acpi/tables/IVRS"),
    system.readText("/proc/interrupts"),
    hasModule(ctx, "vfio-pci"),
    readMemlock(ctx),
  ]);
  const remapsInterrupts = readsInterruptRemapping(interrupts ?? "");
  return judgeReadiness({
    iommus,
    kernelArguments: (cmdline ?? "").trim(),
    hasFirmwareTable: dmar || ivrs,
    hasVfioPci,
    ...(cpu.vendor === undefined ? {} : { cpuVendor: cpu.vendor }),
    ...(remapsInterrupts === undefined ? {} : { remapsInterrupts }),
    ...(memlockBytes === undefined ? {} : { memlockBytes }),
  });
}

/** CAP_SYS_RESOURCE is bit 24 (capability.h): who has it may raise any limit of the programs that it starts. */
const mayRaiseLimits = 1n << 24n;

/** The hard limit, which the agent may give to what it starts; undefined for none, and where it may raise it. */
async function readMemlock({ system }: AgentContext): Promise<number | undefined> {
  const [limits, status] = await Promise.all([
    system.readText("/proc/self/limits"),
    system.readText("/proc/self/status"),
  ]);
  const capabilities = BigInt(`0x${/^CapEff:\s*([0-9a-f]+)$/m.exec(status ?? "")?.[1] ?? "0"}`);
  if ((capabilities & mayRaiseLimits) !== 0n) return undefined;
  const hard = /^Max locked memory\s+\S+\s+(\d+)\s/m.exec(limits ?? "")?.[1];
  return hard === undefined ? undefined : Number(hard);
}
