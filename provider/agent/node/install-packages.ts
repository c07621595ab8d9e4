// Installs what is missing with the host's package manager, without starting or enabling any service that a package
// brings: BIRD and dnsmasq run with our own configuration, and a user's own are not touched.

import { LeeaError } from "../../model/errors";
import { installLine, type PackageManager, unwantedServices } from "../../model/host-packages";
import type { AgentContext } from "../agent-context";
import type { Work } from "../journal/operations";
import { findMissingPackages, findPackageManager } from "./find-missing-packages";
import { readNodeSettings, saveNodeSettings } from "./node-settings";

const installTimeoutMs = 15 * 60_000;
const policyPath = "/usr/sbin/policy-rc.d";
/** Debian's invoke-rc.d asks this program before it starts a service; 101 says no (policy-rc.d, Debian policy). */
const policyText = "#!/bin/sh\n# leea set-up: no service is started\nexit 101\n";

/** Installs, then looks again. Errors: PACKAGES_MISSING (no known manager, or still missing), COMMAND_FAILED. */
export async function installPackages(ctx: AgentContext, work: Work): Promise<{ installed: readonly string[] }> {
  const missing = await findMissingPackages(ctx);
  const names = [...new Set(missing.map((entry) => entry.package))];
  if (names.length === 0) return { installed: [] };
  const manager = await findPackageManager(ctx);
  if (manager === undefined) throw stillMissing(manager, names);
  work.report({ phase: "install", message: names.join(" ") });
  await install(ctx, manager, names);
  const settings = await readNodeSettings(ctx.system);
  await saveNodeSettings(ctx.system, {
    installedBySetup: [...new Set([...settings.installedBySetup, ...names])].sort(),
  });
  const left = await findMissingPackages(ctx);
  if (left.length > 0)
    throw stillMissing(
      manager,
      left.map((entry) => entry.package),
    );
  return { installed: names };
}

async function install(ctx: AgentContext, manager: PackageManager, names: readonly string[]): Promise<void> {
  if (manager === "apt") return installDebian(ctx, names);
  const argv = {
    dnf: ["dnf", "install", "-y", "--setopt=install_weak_deps=False"],
    zypper: ["zypper", "--non-interactive", "install", "--no-recommends"],
    pacman: ["pacman", "-S", "--noconfirm", "--needed"],
  }[manager];
  await ctx.system.run([...argv, ...names], { timeoutMs: installTimeoutMs });
}

async function installDebian(ctx: AgentContext, names: readonly string[]): Promise<void> {
  const env = { DEBIAN_FRONTEND: "noninteractive" };
  const known = await ctx.system.readText(policyPath);
  const ours = known === undefined || known === policyText;
  if (ours) await ctx.system.writeText(policyPath, policyText, 0o755);
  try {
    await ctx.system.run(["apt-get", "update", "-q"], { timeoutMs: installTimeoutMs, env });
    await ctx.system.run(["apt-get", "install", "-y", "-q", "--no-install-recommends", ...names], {
      timeoutMs: installTimeoutMs,
      env,
    });
  } finally {
    if (ours) await ctx.system.remove(policyPath);
  }
  if (!(await ctx.system.exists("/run/systemd/system"))) return;
  for (const service of names.flatMap((name) => unwantedServices[name] ?? []))
    await ctx.system.run(["systemctl", "disable", "--quiet", service], { acceptExitCodes: [0, 1] });
}

function stillMissing(manager: PackageManager | undefined, names: readonly string[]): LeeaError {
  return new LeeaError({
    code: "PACKAGES_MISSING",
    message: `the host lacks ${names.join(", ")}`,
    hint: `On the host: ${installLine(manager, names)}`,
    details: { packages: names },
  });
}
