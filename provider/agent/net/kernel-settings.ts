// Kernel settings under /proc/sys/net. Those of our own interfaces vanish with them; the one that is the whole host's,
// forwarding, is noted with all that it drags along, so that it can be put back exactly.
//
// Found: the reverse path filter that counts is the larger of conf.all and the interface's (0 off, 1 strict, 2 loose). So
// "off" on our interfaces would need conf.all = 0, which breaks a user's strictness, while "loose" holds whatever conf.all
// says and lets through all we need: routes that go one way and come back by another, and packets out of the tunnel.
// Redirects are sent where conf.all or the interface says so: switching them off here is not enough, so the packet filter
// drops them on our interfaces.

import type { AgentContext } from "../agent-context";

const conf4 = "/proc/sys/net/ipv4/conf";
const conf6 = "/proc/sys/net/ipv6/conf";
const forwardSetting = "/proc/sys/net/ipv4/ip_forward";

/** What an interface of ours is for. */
export type InterfaceUse = "host" | "link" | "tunnel" | "tap" | "bridge-tap";

/** Sets an interface's kernel settings; it exists, best not yet up. A link or the tunnel must be set before it carries anything. */
export async function setInterfaceSettings(ctx: AgentContext, device: string, use: InterfaceUse): Promise<void> {
  for (const [name, value] of Object.entries(settings4(use))) {
    await writeSetting(ctx, `${conf4}/${device}/${name}`, value);
  }
  // A tap is IPv4 only and the host must have no address of its own on it; a link needs link-local IPv6 for Babel,
  // also where the host's default is to have none.
  const usesIpv6 = use === "host" || use === "link";
  await writeSetting(ctx, `${conf6}/${device}/disable_ipv6`, usesIpv6 ? "0" : "1");
  if (usesIpv6) await writeSetting(ctx, `${conf6}/${device}/accept_ra`, "0");
}

function settings4(use: InterfaceUse): Readonly<Record<string, string>> {
  if (use === "bridge-tap") return {};
  const judged = { rp_filter: "2", send_redirects: "0", accept_redirects: "0", forwarding: "1" };
  // A guest that asks who has the host's other addresses gets no answer.
  return use === "tap" ? { ...judged, arp_ignore: "1", accept_source_route: "0" } : judged;
}

/**
 * The settings that `enableForwarding` will change, by path, with their values now; empty where the host forwards already.
 * Writing ip_forward also writes `forwarding` of every interface and conf.all's accept_redirects.
 */
export async function readForwarding(ctx: AgentContext): Promise<Readonly<Record<string, string>>> {
  const before: Record<string, string> = {};
  if ((await readSetting(ctx, forwardSetting)) !== "0") return before;
  before[forwardSetting] = "0";
  for (const device of await ctx.system.list(conf4)) {
    for (const name of ["forwarding", "accept_redirects"]) {
      const value = await readSetting(ctx, `${conf4}/${device}/${name}`);
      if (value !== undefined) before[`${conf4}/${device}/${name}`] = value;
    }
  }
  return before;
}

/** Lets the host forward IPv4. */
export async function enableForwarding(ctx: AgentContext): Promise<void> {
  await writeSetting(ctx, forwardSetting, "1");
}

/** Puts settings back as they were: ip_forward first, as writing it writes others. Interfaces that are gone are left out. */
export async function restoreSettings(ctx: AgentContext, before: Readonly<Record<string, string>>): Promise<void> {
  const paths = Object.keys(before).sort((one, other) => rank(one) - rank(other));
  for (const path of paths) await writeSetting(ctx, path, before[path] ?? "");
}

/** True where this host has IPv6 at all. */
export async function hasIpv6(ctx: AgentContext): Promise<boolean> {
  return ctx.system.exists(conf6);
}

function rank(path: string): number {
  if (path === forwardSetting) return 0;
  return path.startsWith(`${conf4}/all/`) ? 1 : 2;
}

async function readSetting(ctx: AgentContext, path: string): Promise<string | undefined> {
  return (await ctx.system.readText(path))?.trim();
}

/** Writes only what differs: some containers mount /proc/sys read-only with the right values in it. */
async function writeSetting(ctx: AgentContext, path: string, value: string): Promise<void> {
  const now = await readSetting(ctx, path);
  if (now !== undefined && now !== value) await ctx.system.writeText(path, value);
}
