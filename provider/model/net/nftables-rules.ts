// The packet filter of one host: the whole text of the one table `inet leea`, replaced in one transaction. It judges only
// packets on guests' taps (leeat*), links (leeal*) and the hand-over tunnel (leeah0), packets to the addresses that are
// ours (gateway, mesh addresses, the tunnel's port), and for the time of a straight move those to its two ports. Everything else on the host passes it untouched, and a tap on a
// user's bridge (leeab*) is the user's to judge.
//
// Guests to the outside: everything but link-local (a cloud's metadata service), the mesh's own ranges, and what is behind
// a virtual device without a default route, such as the host's own containers, its other VMs or its VPN. Private ranges
// stay open, as a guest's proxy, DNS or database is often there; the host's own addresses are closed by `from_guest`.
// Opening packets are judged at the host of the target. A guest that came here by a move is owed packets of connections
// that this host never saw begin, so for it alone what cannot open a connection is let through without a conntrack entry.

import { hostDeviceName, linkNamePrefix } from "../bird-config";
import type { IngressRule } from "../vm-spec";
import { gatewayAddress } from "./gateway";
import { ingressRule } from "./nftables-ingress";
import { handOverDeviceName, meshTapPrefix } from "./tap-name";

/** A guest on a tap in the mesh. `movedHere`: it came by a move, so this host never saw its connections begin. */
export interface FilteredGuest {
  readonly tap: string;
  readonly mac: string;
  readonly address: string;
  readonly ingress: readonly IngressRule[];
  readonly movedHere: boolean;
}

/** What the table depends on. Ranges as CIDR, addresses bare, ports inclusive. */
export interface NftablesInput {
  readonly nodeRange: string;
  readonly vmRange: string;
  readonly range6: string;
  readonly meshAddress: string;
  readonly meshAddress6: string;
  /** TCP ports that other nodes' agents and QEMUs may reach on the mesh addresses. */
  readonly peerPorts: readonly { readonly first: number; readonly last: number }[];
  readonly handOverPort: number;
  /** Devices that a default route of the host leaves by. */
  readonly uplinks: readonly string[];
  readonly guests: readonly FilteredGuest[];
  /** Moves whose streams come to an address of the host's own: from their source and from nobody else. */
  readonly straightMoves: readonly {
    readonly source: string;
    readonly address: string;
    readonly ports: readonly [number, number];
  }[];
  /** Guests that arrived moments ago: their UDP is let through for so many seconds more. */
  readonly movedIn: readonly { readonly address: string; readonly secondsLeft: number }[];
}

/** The table's family and name, as `nft` takes them. */
export const nftablesTable = ["inet", "leea"] as const;

const taps = `"${meshTapPrefix}*"`;
const links = `"${linkNamePrefix}*"`;
const tunnel = `"${handOverDeviceName}"`;
/** Kinds of devices, as ip(8) names them, that lead to something on the host unless a default route leaves by them. */
const virtualKinds = ["bridge", "dummy", "ipvlan", "macvlan", "tun", "veth", "vxlan", "wireguard"];

/** Text for `nft -f -` that puts the whole table in place, whatever was there (nft(8)). The same input gives the same text. */
export function nftablesRules(input: NftablesInput): string {
  const table = nftablesTable.join(" ");
  const parts = [sets(input), spoofing(), inputChains(input), forwardChains(input), guestChains(input), egress(input)];
  return `table ${table}\ndelete table ${table}\ntable ${table} {\n${parts.map(indent).join("\n\n")}\n}\n`;
}

function sets(input: NftablesInput): string {
  const guests = input.guests.map((guest) => `"${guest.tap}" . ${guest.mac} . ${guest.address} : accept`);
  const chains = input.guests.map((guest) => `"${guest.tap}" : goto ${chainOf(guest)}`);
  const moved = input.guests.filter((guest) => guest.movedHere).map((guest) => guest.address);
  const movedIn = input.movedIn.map((one) => `${one.address} timeout 60s expires ${one.secondsLeft}s`);
  return [
    set("map own_source", "type ifname . ether_addr . ipv4_addr : verdict", guests),
    set("map to_tap", "type ifname : verdict", chains),
    set(
      "set uplinks",
      "type ifname",
      input.uplinks.map((name) => `"${name}"`),
    ),
    set("set moved_here", "type ipv4_addr", moved),
    set("set moved_in", "type ipv4_addr; flags timeout", movedIn),
  ].join("\n");
}

/** Each guest sends from its own MAC and address only; IPv6 has no addresses yet, so it has no sources either. */
function spoofing(): string {
  return chain("spoofing", "type filter hook prerouting priority raw; policy accept;", [
    `iifname ${taps} meta nfproto ipv6 drop`,
    `iifname ${taps} ip saddr 0.0.0.0 ip daddr 255.255.255.255 udp sport 68 udp dport 67 accept`,
    `iifname ${taps} iifname . ether saddr . ip saddr vmap @own_source`,
    `iifname ${taps} drop`,
  ]);
}

function inputChains(input: NftablesInput): string {
  const ports = input.peerPorts.map(({ first, last }) => (first === last ? `${first}` : `${first}-${last}`)).join(", ");
  return [
    chain("input", "type filter hook input priority filter; policy accept;", [
      `iifname ${taps} goto from_guest`,
      `iifname ${links} goto from_link`,
      `iifname ${tunnel} drop`,
      ...input.straightMoves.map(
        ({ source, address, ports: [memory, disks] }) =>
          `ip daddr ${address} tcp dport { ${memory}, ${disks} } ip saddr != ${source} drop`,
      ),
      // Linux answers for every address of its own on any interface; ours are not the uplink side's to reach.
      `iifname != "lo" ip daddr { ${gatewayAddress}, ${input.meshAddress} } drop`,
      `iifname != "lo" ip6 daddr ${input.meshAddress6} drop`,
      `iifname != "lo" udp dport ${input.handOverPort} drop`,
    ]),
    chain("from_guest", "", [
      "udp sport 68 udp dport 67 accept",
      `ip daddr ${gatewayAddress} meta l4proto { tcp, udp } th dport 53 accept`,
      `ip daddr ${gatewayAddress} icmp type echo-request accept`,
      "ct state established,related accept",
      "drop",
    ]),
    chain("from_link", "", [
      "ip6 saddr fe80::/10 udp dport 6696 accept",
      "icmpv6 type { echo-request, nd-neighbor-solicit, nd-neighbor-advert } accept",
      `ip saddr ${input.nodeRange} icmp type echo-request accept`,
      "ct state established,related accept",
      `ip saddr ${input.nodeRange} ip daddr ${input.meshAddress} tcp dport { ${ports} } accept`,
      `ip6 saddr ${input.range6} ip6 daddr ${input.meshAddress6} tcp dport { ${ports} } accept`,
      `ip saddr ${input.nodeRange} ip daddr ${input.meshAddress} udp dport ${input.handOverPort} accept`,
      "drop",
    ]),
    // A packet that leaves by the interface that it came in on is normal while a VM moves; telling its sender is not.
    chain("output", "type filter hook output priority filter; policy accept;", [
      `oifname { ${tunnel}, "${hostDeviceName}" } icmp type redirect drop`,
      `oifname ${taps} icmp type redirect drop`,
      `oifname ${links} icmp type redirect drop`,
    ]),
  ].join("\n");
}

function forwardChains(input: NftablesInput): string {
  const inside = [links, tunnel];
  const transit = inside.flatMap((from) => inside.map((to) => `iifname ${from} oifname ${to} accept`));
  return [
    chain("segment_size", "type filter hook forward priority mangle; policy accept;", [
      `iifname ${taps} tcp flags syn tcp option maxseg size set rt mtu`,
      `oifname ${taps} tcp flags syn tcp option maxseg size set rt mtu`,
    ]),
    chain("forward", "type filter hook forward priority filter; policy accept;", [
      ...transit,
      `oifname ${taps} goto to_guest`,
      `iifname ${taps} goto guest_out`,
      ...inside.flatMap((name) => [`iifname ${name} drop`, `oifname ${name} drop`]),
    ]),
    // Mesh addresses come from taps, links and the tunnel only; from elsewhere they are forged.
    chain("to_guest", "", [
      `iifname ${taps} goto judge`,
      `iifname ${links} goto judge`,
      `iifname ${tunnel} goto judge`,
      `ip saddr { ${input.nodeRange}, ${input.vmRange} } drop`,
      "goto judge",
    ]),
    chain("judge", "", ["oifname vmap @to_tap", "drop"]),
    chain("guest_out", "", [
      ...inside.map((name) => `oifname ${name} ip daddr ${input.vmRange} accept`),
      ...inside.map((name) => `oifname ${name} ip daddr ${input.nodeRange} goto answers_out`),
      ...inside.map((name) => `oifname ${name} drop`),
      `ip daddr { 169.254.0.0/16, ${input.nodeRange}, ${input.vmRange} } drop`,
      `oifname != @uplinks meta oifkind { ${virtualKinds.map((kind) => `"${kind}"`).join(", ")} } drop`,
    ]),
  ].join("\n");
}

function guestChains(input: NftablesInput): string {
  const own = input.guests.map((guest) => {
    const rules = guest.ingress.map((rule) => ingressRule(rule, input)).filter((rule) => rule !== undefined);
    return chain(chainOf(guest), "", [...rules, "goto answers"]);
  });
  return [
    // 32768 up: the ports that systems give to those who ask, not to those who serve.
    chain("answers", "", [...answers("daddr"), "ip daddr @moved_in udp dport 32768-65535 accept", "drop"]),
    chain("answers_out", "", [...answers("saddr"), "ip saddr @moved_in meta l4proto udp accept", "drop"]),
    ...own,
  ].join("\n");
}

/** What cannot open a connection: of a guest that moved here also without a conntrack entry. */
function answers(side: "saddr" | "daddr"): readonly string[] {
  return [
    "ct state established,related accept",
    `ip ${side} @moved_here tcp flags & (syn | ack) != syn accept`,
    `ip ${side} @moved_here icmp type { echo-reply, destination-unreachable, time-exceeded, parameter-problem } accept`,
  ];
}

function egress(input: NftablesInput): string {
  return chain("egress", "type nat hook postrouting priority srcnat; policy accept;", [
    `ip saddr ${input.vmRange} oifname != "leea*" masquerade`,
  ]);
}

function chainOf(guest: FilteredGuest): string {
  return `to_${guest.tap}`;
}

function set(head: string, type: string, elements: readonly string[]): string {
  const filled = elements.length === 0 ? "" : `\n  elements = {\n    ${elements.join(",\n    ")}\n  }`;
  return `${head} {\n  ${type}${filled}\n}`;
}

function chain(name: string, hook: string, rules: readonly string[]): string {
  return `chain ${name} {\n${[...(hook === "" ? [] : [hook]), ...rules].map((line) => `  ${line}\n`).join("")}}`;
}

function indent(text: string): string {
  return text.replace(/^(?=.)/gm, "  ");
}
