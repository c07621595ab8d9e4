// Whose processors the host has. A guest under KVM sees that make whatever model it is given, so a move to another make
// would change a processor under a running kernel.

import type { AgentContext } from "../agent-context";

/** CPUID vendor (/proc/cpuinfo); absent where it is none of the two. */
export async function readCpuVendor(ctx: AgentContext): Promise<{ vendor?: "GenuineIntel" | "AuthenticAMD" }> {
  const text = (await ctx.system.readText("/proc/cpuinfo")) ?? "";
  const vendor = /^vendor_id\s*:\s*(GenuineIntel|AuthenticAMD)$/m.exec(text)?.[1];
  return vendor === "GenuineIntel" || vendor === "AuthenticAMD" ? { vendor } : {};
}
