// Whether an unprivileged QEMU may open /dev/kvm, and as a member of which group. It changes nothing on the host.

import type { AgentContext } from "../agent-context";

/** Groups that a VM's user needs for /dev/kvm (none where everybody may), or why it may not. */
export type KvmAccess =
  | { readonly usable: true; readonly groups: readonly number[] }
  | { readonly usable: false; readonly reason: string };

/** Looks at /dev/kvm's mode. The root group is never handed out. */
export async function readKvmAccess(ctx: AgentContext): Promise<KvmAccess> {
  if (!(await ctx.system.exists("/dev/kvm"))) return { usable: false, reason: "there is no /dev/kvm" };
  const { stdout } = await ctx.system.run(["stat", "--format=%a %g", "/dev/kvm"]);
  const [mode = "0", group = "0"] = stdout.trim().split(" ");
  const bits = Number.parseInt(mode, 8);
  if ((bits & 0o006) === 0o006) return { usable: true, groups: [] };
  if ((bits & 0o060) === 0o060 && group !== "0") return { usable: true, groups: [Number(group)] };
  return { usable: false, reason: `only root may open /dev/kvm (mode ${mode}, group ${group})` };
}
