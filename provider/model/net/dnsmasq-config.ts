// Configuration of our own dnsmasq processes: one DHCP server a tap, one DNS forwarder a host. Both serve only where they
// are bound and read nothing else of the host's dnsmasq. No user's text gets in: a VM's name is reduced to a DNS label.

import { hostDeviceName } from "../bird-config";
import { formatIpv4, type Ipv4Range } from "../ipv4-range";
import { gatewayAddress } from "./gateway";

/** What the DHCP server of one tap depends on. `hostName` is the VM's name, any text. Paths are ours. */
export interface DhcpConfigInput {
  readonly tap: string;
  readonly mac: string;
  readonly address: string;
  readonly vmRange: Ipv4Range;
  readonly mtu: number;
  readonly hostName: string;
  readonly leaseFile: string;
  readonly pidFile: string;
}

/**
 * Configuration of a tap's DHCP server (dnsmasq(8)): one infinite lease of a /32 for one MAC, with the way to the gateway as
 * classless routes (RFC 3442). A guest that takes its neighbour's MAC gets none.
 */
export function dhcpConfig(input: DhcpConfigInput): string {
  const network = formatIpv4(input.vmRange.first);
  const label = dnsLabel(input.hostName);
  return lines([
    "port=0",
    "bind-interfaces",
    "except-interface=lo",
    `interface=${input.tap}`,
    ...commonLines(input.pidFile),
    "dhcp-authoritative",
    "no-ping",
    "quiet-dhcp",
    // The tap's own address lies outside of the range, which is refused without this.
    `shared-network=${input.tap},${network}`,
    `dhcp-range=${network},static,${netmask(input.vmRange)},infinite`,
    // A /32 as the range's own mask is refused ("no address available"), so it is given as an option.
    "dhcp-option=option:netmask,255.255.255.255",
    `dhcp-option=option:router,${gatewayAddress}`,
    `dhcp-option=option:dns-server,${gatewayAddress}`,
    `dhcp-option=option:classless-static-route,${gatewayAddress}/32,0.0.0.0,0.0.0.0/0,${gatewayAddress}`,
    `dhcp-option=option:mtu,${input.mtu}`,
    "dhcp-ignore=tag:!known",
    `dhcp-host=${[input.mac, input.address, ...(label === undefined ? [] : [label]), "infinite"].join(",")}`,
    `dhcp-leasefile=${input.leaseFile}`,
  ]);
}

/** Configuration of the host's DNS forwarder: guests ask the gateway's address, answers come from the host's own servers. */
export function dnsConfig(input: { readonly resolvFile: string; readonly pidFile: string }): string {
  return lines([
    "port=53",
    "bind-interfaces",
    "except-interface=lo",
    `listen-address=${gatewayAddress}`,
    `no-dhcp-interface=${hostDeviceName}`,
    ...commonLines(input.pidFile),
    `resolv-file=${input.resolvFile}`,
    // What the host's /etc/hosts says is not the guests' business.
    "no-hosts",
    "cache-size=1000",
  ]);
}

/** A name as a DNS label (RFC 1123): lower case, other characters become `-`; undefined where nothing is left. */
export function dnsLabel(name: string): string | undefined {
  const label = name
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .slice(0, 63)
    .replace(/^-+|-+$/g, "");
  return label === "" ? undefined : label;
}

function commonLines(pidFile: string): readonly string[] {
  return [`pid-file=${pidFile}`, "user=nobody", "log-facility=-"];
}

function netmask(range: Ipv4Range): string {
  return formatIpv4(2 ** 32 - 2 ** (32 - range.prefix));
}

function lines(texts: readonly string[]): string {
  return ["# Written by leea's agent; changes are overwritten.", ...texts, ""].join("\n");
}
