// A short look whether the host's network still stands. Other software takes parts of it away: `nft flush ruleset`, a restart of
// systemd-networkd. It mends nothing.

import { hostDeviceName } from "../../model/bird-config";
import { nftablesTable } from "../../model/net/nftables-rules";
import type { AgentContext } from "../agent-context";
import { handOverTable } from "../net/vm-routes";

/** True where our device, our packet filter and the rule for hand-overs are all there. Two short commands: fit for a timer. */
export async function isHostNetworkWhole(ctx: AgentContext): Promise<boolean> {
  if (!(await ctx.system.exists(`/sys/class/net/${hostDeviceName}`))) return false;
  const filter = ["nft", "list", "chain", ...nftablesTable, "input"];
  if ((await ctx.system.run(filter, { acceptExitCodes: [0, 1] })).exitCode !== 0) return false;
  const rules = await ctx.system.run(["ip", "-4", "rule", "show", "lookup", handOverTable], {
    acceptExitCodes: [0, 2, 255],
  });
  return rules.stdout.trim() !== "";
}
