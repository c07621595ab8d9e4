// The packet filter's words for an ingress rule. Nothing of a rule gets in as it stands: ranges and ports are read first.

import { formatIpv4, parseIpv4Range } from "../ipv4-range";
import type { IngressRule } from "../vm-spec";

/** Ranges that the words `nodes` and `vms` stand for, as CIDR. */
export interface IngressRanges {
  readonly nodeRange: string;
  readonly vmRange: string;
}

/** The nft rule that accepts what one ingress rule permits; undefined where it can permit nothing (no range, no port). */
export function ingressRule(rule: IngressRule, ranges: IngressRanges): string | undefined {
  const source = sourceMatch(rule.from, ranges);
  const target = targetMatch(rule);
  return source === undefined || target === undefined
    ? undefined
    : `${[source, target].filter(Boolean).join(" ")} accept`;
}

function sourceMatch(from: string, ranges: IngressRanges): string | undefined {
  if (from === "nodes") return `ip saddr ${ranges.nodeRange}`;
  if (from === "vms") return `ip saddr ${ranges.vmRange}`;
  const range = parseIpv4Range(from);
  if ("problem" in range) return undefined;
  return range.prefix === 0 ? "meta nfproto ipv4" : `ip saddr ${formatIpv4(range.first)}/${range.prefix}`;
}

/** Ports narrow `any` to TCP and UDP, as nothing else has ports. */
function targetMatch(rule: IngressRule): string | undefined {
  const ports = portMatch(rule);
  if (ports === undefined) return undefined;
  if (rule.protocol === "icmp") return "meta l4proto icmp";
  if (rule.protocol === "any") return ports === "" ? "" : `meta l4proto { tcp, udp } th dport ${ports}`;
  return ports === "" ? `meta l4proto ${rule.protocol}` : `${rule.protocol} dport ${ports}`;
}

function portMatch(rule: IngressRule): string | undefined {
  if (rule.firstPort === undefined && rule.lastPort === undefined) return "";
  const first = rule.firstPort ?? rule.lastPort ?? 0;
  const last = rule.lastPort ?? first;
  const sound = [first, last].every((port) => Number.isInteger(port) && port >= 0 && port <= 65535) && first <= last;
  if (!sound) return undefined;
  return first === last ? String(first) : `${first}-${last}`;
}
