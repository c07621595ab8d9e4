// The host's part of the mesh's network, apart from its links: the device that holds our addresses, forwarding, guard
// routes, the hand-over table and tunnel, the packet filter, the guests' DNS. Every step is a "set", in any order of crashes.

import { announcedRouteProtocol, hostDeviceName } from "../../model/bird-config";
import { dnsConfig } from "../../model/net/dnsmasq-config";
import { gatewayAddress } from "../../model/net/gateway";
import { handOverDeviceName } from "../../model/net/tap-name";
import type { AgentContext } from "../agent-context";
import { dnsmasqFiles, removeDnsmasq, setDnsmasq } from "./dnsmasq-daemon";
import { findLink, type IpRoute, removeLink, runIp, runIpBatch, showIp } from "./ip-command";
import { enableForwarding, hasIpv6, readForwarding, restoreSettings, setInterfaceSettings } from "./kernel-settings";
import {
  forgetHostNetwork,
  type HostNetwork,
  readHostNetwork,
  readVmNetworks,
  type VmNetworkRecord,
  writeHostNetwork,
} from "./net-journal";
import { withNetLock } from "./net-lock";
import { applyNetRules, handOverPort, removeNetRules } from "./net-rules";
import { restoreVmNetwork, unmakeVmNetwork } from "./vm-network";
import { handOverTable, receivePreference, receiveTable } from "./vm-routes";

const rulePreference = "100";
/** Marks our guard routes, so that they are found again without a list. */
const guardProtocol = "199";
const lastMetric = "4294967295";
const dnsName = "dns";
const restoredAtOnce = 8;

/**
 * Makes the host's network what is wanted, whatever was there before. What is right is left alone, so it is fit for a timer:
 * other software takes things away (`nft flush ruleset`, a restart of systemd-networkd).
 * Errors: COMMAND_FAILED, NETWORK_CONFLICT (DNS port taken).
 */
export function setHostNetwork(ctx: AgentContext, wanted: HostNetwork): Promise<void> {
  return withNetLock(ctx, () => makeHostNetwork(ctx, wanted));
}

/** Makes the host's and every VM's network again from the journal: at the agent's start. A VM's trouble is logged and stops no other. */
export function restoreHostNetwork(ctx: AgentContext): Promise<void> {
  return withNetLock(ctx, async () => {
    const record = await readHostNetwork(ctx);
    if (record !== undefined) await makeHostNetwork(ctx, record.wanted);
    const left = [...(await readVmNetworks(ctx))];
    // Several at once: fifty VMs have a hundred calls of ip between them, and the agent answers only after.
    await Promise.all(
      Array.from({ length: restoredAtOnce }, async () => {
        for (let vm = left.shift(); vm !== undefined; vm = left.shift()) await tryRestore(ctx, vm);
      }),
    );
  });
}

async function tryRestore(ctx: AgentContext, vm: VmNetworkRecord): Promise<void> {
  try {
    await restoreVmNetwork(ctx, vm);
  } catch (error) {
    ctx.log.write("warn", "vm network not restored", { vmId: vm.vmId, error: String(error) });
  }
}

/** Brings the packet filter up to date with the host's default routes, which come and go: fit for a timer. */
export function refreshNetRules(ctx: AgentContext): Promise<void> {
  return withNetLock(ctx, () => applyNetRules(ctx));
}

/** Undoes everything, left-over networks of VMs included: the host is as it was before `setHostNetwork`. Links are the mesh's to remove. */
export function removeHostNetwork(ctx: AgentContext): Promise<void> {
  return withNetLock(ctx, async () => {
    for (const vm of await readVmNetworks(ctx)) await unmakeVmNetwork(ctx, vm);
    const record = await readHostNetwork(ctx);
    if (record === undefined) return forgetHostNetwork(ctx);
    await removeDnsmasq(ctx, dnsName);
    await removeLink(ctx, handOverDeviceName);
    await removeReceiving(ctx);
    if (await hasRule(ctx)) await runIp(ctx, ["rule", "delete", "pref", rulePreference, "lookup", handOverTable], [2]);
    await runIp(ctx, ["route", "flush", "table", handOverTable], [2]);
    await setGuardRoutes(ctx, []);
    const { vmRange } = record.wanted.parameters;
    await runIp(ctx, ["-4", "route", "flush", "root", vmRange, "proto", String(announcedRouteProtocol)], [2]);
    await removeLink(ctx, hostDeviceName);
    await removeNetRules(ctx);
    await restoreSettings(ctx, record.settingsBefore);
    await forgetHostNetwork(ctx);
  });
}

/** What interrupted moves left: every rule of our preference, and their table. */
async function removeReceiving(ctx: AgentContext): Promise<void> {
  const rules = await showIp<{ readonly priority: number; readonly table: string }>(ctx, ["rule", "show"]);
  for (const rule of rules)
    if (rule.priority === Number(receivePreference) && rule.table === receiveTable)
      await runIp(ctx, ["rule", "delete", "pref", receivePreference, "lookup", receiveTable], [2]);
  await runIp(ctx, ["route", "flush", "table", receiveTable], [2]);
}

async function makeHostNetwork(ctx: AgentContext, wanted: HostNetwork): Promise<void> {
  const known = await readHostNetwork(ctx);
  const settingsBefore = known?.settingsBefore ?? (await readForwarding(ctx));
  await writeHostNetwork(ctx, { wanted, settingsBefore });
  // The filter first: from here on nothing that we open can be reached by those it is not meant for.
  await applyNetRules(ctx);
  await setHostDevice(ctx, wanted);
  await enableForwarding(ctx);
  if (!(await hasRule(ctx))) await runIp(ctx, ["rule", "add", "pref", rulePreference, "lookup", handOverTable]);
  const { nodeRange, vmRange, range6 } = wanted.parameters;
  await setGuardRoutes(ctx, [nodeRange, vmRange, range6]);
  await setHandOverDevice(ctx, wanted);
  const { pidFile } = dnsmasqFiles(ctx, dnsName);
  await setDnsmasq(ctx, { name: dnsName, config: dnsConfig({ resolvFile: "/etc/resolv.conf", pidFile }) });
}

/** A bridge without ports: it is always up, and kernels without `dummy` have it too. */
async function setHostDevice(ctx: AgentContext, wanted: HostNetwork): Promise<void> {
  if ((await findLink(ctx, hostDeviceName)) === undefined) {
    await runIp(ctx, ["link", "add", hostDeviceName, "type", "bridge"]);
  }
  await setInterfaceSettings(ctx, hostDeviceName, "host");
  const withIpv6 = await hasIpv6(ctx);
  const device = ["dev", hostDeviceName];
  await runIpBatch(ctx, [
    ...(withIpv6 ? [["link", "set", ...device, "addrgenmode", "none"]] : []),
    ["link", "set", ...device, "mtu", String(wanted.parameters.mtu)],
    ["link", "set", ...device, "up"],
  ]);
  const addresses = [`${wanted.meshAddress}/32`, `${gatewayAddress}/32`];
  if (withIpv6) addresses.push(`${wanted.meshAddress6}/128`);
  await setAddresses(ctx, hostDeviceName, addresses);
}

async function setAddresses(ctx: AgentContext, device: string, wanted: readonly string[]): Promise<void> {
  const [link] = await showIp<{ addr_info?: readonly { local: string; prefixlen: number }[] }>(ctx, [
    "address",
    "show",
    "dev",
    device,
  ]);
  const present = (link?.addr_info ?? []).map((one) => shortAddress(`${one.local}/${one.prefixlen}`));
  const short = wanted.map(shortAddress);
  for (const address of short.filter((one) => !present.includes(one))) {
    // Link scope keeps the kernel from choosing the gateway's address as the source of the host's own connections.
    const scope = address.startsWith(gatewayAddress) ? ["scope", "link"] : [];
    await runIp(ctx, [
      "address",
      "replace",
      address,
      "dev",
      device,
      ...scope,
      ...(address.includes(":") ? ["nodad"] : []),
    ]);
  }
  for (const address of present.filter((one) => !short.includes(one))) {
    await runIp(ctx, ["address", "delete", address, "dev", device], [2]);
  }
}

/** One form for an IPv6 address that may be written out or shortened; IPv4 as it is. */
function shortAddress(address: string): string {
  if (!address.includes(":")) return address;
  const [host = "", length] = address.split("/");
  return `${new URL(`http://[${host}]`).hostname.slice(1, -1)}/${length}`;
}

/** Traffic to the mesh that has no route yet ends here instead of leaving by the uplink. */
async function setGuardRoutes(ctx: AgentContext, ranges: readonly string[]): Promise<void> {
  const withIpv6 = await hasIpv6(ctx);
  for (const family of withIpv6 ? ["-4", "-6"] : ["-4"]) {
    const wanted = ranges.filter((range) => range.includes(":") === (family === "-6"));
    const present = await showIp<IpRoute>(ctx, [family, "route", "show", "proto", guardProtocol]);
    const missing = wanted.filter((range) => !present.some((route) => shortAddress(route.dst) === shortAddress(range)));
    for (const range of missing) {
      await runIp(ctx, [
        family,
        "route",
        "replace",
        "unreachable",
        range,
        "metric",
        lastMetric,
        "proto",
        guardProtocol,
      ]);
    }
    for (const { dst } of present.filter((route) => !wanted.map(shortAddress).includes(shortAddress(route.dst)))) {
      await runIp(
        ctx,
        [family, "route", "delete", "unreachable", dst, "metric", lastMetric, "proto", guardProtocol],
        [2],
      );
    }
  }
}

/** Kernels without VXLAN do without: then only moves between neighbours lose nothing. */
async function setHandOverDevice(ctx: AgentContext, wanted: HostNetwork): Promise<void> {
  const device = ["dev", handOverDeviceName];
  if ((await findLink(ctx, handOverDeviceName)) === undefined) {
    const made = await ctx.system.run(
      ["ip", "link", "add", handOverDeviceName, "type", "vxlan", "external", "gpe", "dstport", String(handOverPort)],
      { acceptExitCodes: [0, 1, 2] },
    );
    if (made.exitCode !== 0) {
      ctx.log.write("warn", "no hand-over tunnel on this kernel", { error: made.stderr.trim() });
      return;
    }
  }
  await setInterfaceSettings(ctx, handOverDeviceName, "tunnel");
  await runIpBatch(ctx, [
    ["link", "set", ...device, "mtu", String(wanted.parameters.mtu)],
    ["link", "set", ...device, "up"],
  ]);
  // Without an address the loose reverse path filter drops all that comes out of it (fib_validate_source: no_addr).
  await setAddresses(ctx, handOverDeviceName, [`${wanted.meshAddress}/32`]);
}

async function hasRule(ctx: AgentContext): Promise<boolean> {
  const rules = await showIp<{ priority: number; table?: string }>(ctx, ["-4", "rule", "show"]);
  return rules.some((rule) => rule.priority === Number(rulePreference) && rule.table === handOverTable);
}
