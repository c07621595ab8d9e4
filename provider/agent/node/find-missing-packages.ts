// Which needed programs this host lacks, and under which package its manager has them.

import { neededPrograms, type PackageManager } from "../../model/host-packages";
import type { MissingPackage } from "../../protocol/node";
import type { AgentContext } from "../agent-context";

const folders = ["/usr/local/sbin", "/usr/local/bin", "/usr/sbin", "/usr/bin", "/sbin", "/bin", "/opt/leea/bin"];
const managers: readonly (readonly [PackageManager, string])[] = [
  ["apt", "/usr/bin/apt-get"],
  ["dnf", "/usr/bin/dnf"],
  ["zypper", "/usr/bin/zypper"],
  ["pacman", "/usr/bin/pacman"],
];

/** The host's package manager; undefined where we know none. */
export async function findPackageManager(ctx: AgentContext): Promise<PackageManager | undefined> {
  for (const [manager, path] of managers) if (await isProgram(ctx, path)) return manager;
  return undefined;
}

/** What is missing; empty where nothing is. WireGuard's own program only where the kernel has none. */
export async function findMissingPackages(ctx: AgentContext): Promise<readonly MissingPackage[]> {
  const manager = await findPackageManager(ctx);
  const missing: MissingPackage[] = [];
  for (const needed of neededPrograms) {
    if (await hasProgram(ctx, needed.program)) continue;
    missing.push({ package: needed.packages[manager ?? "apt"], program: needed.program, neededFor: needed.neededFor });
  }
  if (!(await hasProgram(ctx, "wireguard-go")) && !(await kernelHasWireguard(ctx))) {
    missing.push({
      package: "wireguard-go",
      program: "wireguard-go",
      neededFor: "links of the mesh: this kernel has no WireGuard",
    });
  }
  return missing;
}

async function hasProgram(ctx: AgentContext, program: string): Promise<boolean> {
  for (const folder of folders) if (await isProgram(ctx, `${folder}/${program}`)) return true;
  return false;
}

async function isProgram(ctx: AgentContext, path: string): Promise<boolean> {
  return (await ctx.system.factsOf(path))?.isProgram === true;
}

async function kernelHasWireguard(ctx: AgentContext): Promise<boolean> {
  if (await ctx.system.exists("/sys/module/wireguard")) return true;
  const asked = await ctx.system.run(["sh", "-c", "modprobe -n -q wireguard"], { acceptExitCodes: [0, 1, 127] });
  return asked.exitCode === 0;
}
