// The texts that our packet filter and dnsmasq are given, word for word. A change of them is a change of what guests may
// do: look at the difference before you write it with UPDATE_GOLDEN=1.

import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { type Ipv4Range, parseIpv4Range } from "../../../provider/model/ipv4-range";
import { dhcpConfig, dnsConfig, dnsLabel } from "../../../provider/model/net/dnsmasq-config";
import { ingressRule } from "../../../provider/model/net/nftables-ingress";
import { type NftablesInput, nftablesRules } from "../../../provider/model/net/nftables-rules";

const golden = (name: string, text: string) => {
  const path = join(__dirname, "../../golden/net", name);
  if (process.env["UPDATE_GOLDEN"] === "1") writeFileSync(path, text);
  return readFileSync(path, "utf8");
};

const host: NftablesInput = {
  nodeRange: "10.91.0.0/16",
  vmRange: "10.92.0.0/16",
  range6: "fd12:3456:789a::/48",
  meshAddress: "10.91.0.1",
  meshAddress6: "fd12:3456:789a:1:2:3:4:5",
  peerPorts: [
    { first: 51720, last: 51720 },
    { first: 51730, last: 51793 },
  ],
  handOverPort: 4790,
  uplinks: ["eth0"],
  guests: [
    {
      tap: "leeataaaaaaaa0",
      mac: "02:00:00:00:00:01",
      address: "10.92.3.4",
      movedHere: false,
      ingress: [
        { from: "vms", protocol: "tcp", firstPort: 80, lastPort: 80 },
        { from: "nodes", protocol: "any" },
        { from: "192.0.2.0/24", protocol: "any", firstPort: 8000, lastPort: 8100 },
        { from: "0.0.0.0/0", protocol: "icmp" },
      ],
    },
    { tap: "leeatbbbbbbbb1", mac: "02:00:00:00:00:02", address: "10.92.3.5", movedHere: true, ingress: [] },
  ],
  straightMoves: [],
  movedIn: [{ address: "10.92.3.5", secondsLeft: 42 }],
};

test("the packet filter of a host with two guests, one of which just moved in", () => {
  const text = nftablesRules(host);
  expect(text).toBe(golden("two-guests.nft", text));
});

test("the packet filter of a host without guests", () => {
  const text = nftablesRules({ ...host, guests: [], movedIn: [] });
  expect(text).toBe(golden("no-guests.nft", text));
});

test("a move whose streams come straight lets its source alone near its two ports, and changes nothing else", () => {
  const straight = { source: "198.51.100.7", address: "192.0.2.9", ports: [51_732, 51_733] as const };
  const without = nftablesRules(host).split("\n");
  const added = nftablesRules({ ...host, straightMoves: [straight] })
    .split("\n")
    .filter((line) => !without.includes(line));
  expect(added.map((line) => line.trim())).toEqual([
    "ip daddr 192.0.2.9 tcp dport { 51732, 51733 } ip saddr != 198.51.100.7 drop",
  ]);
});

test("the DHCP server of a tap", () => {
  const text = dhcpConfig({
    tap: "leeataaaaaaaa0",
    mac: "02:00:00:00:00:01",
    address: "10.92.3.4",
    vmRange: parseIpv4Range("10.92.0.0/16") as Ipv4Range,
    mtu: 1420,
    hostName: "My Web!",
    leaseFile: "/run/leea/net/leeataaaaaaaa0.leases",
    pidFile: "/run/leea/net/leeataaaaaaaa0.pid",
  });
  expect(text).toBe(golden("tap-dhcp.conf", text));
});

test("the host's DNS forwarder", () => {
  const text = dnsConfig({ resolvFile: "/etc/resolv.conf", pidFile: "/run/leea/net/dns.pid" });
  expect(text).toBe(golden("dns.conf", text));
});

test("any name of a VM becomes a DNS label or nothing, so that none can add a line or an option", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary", maxLength: 200 }), (name) => {
      expect(dnsLabel(name) ?? "a").toMatch(/^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/);
    }),
  );
  expect(dnsLabel("web,10.0.0.1\ndhcp-script=/bin/sh")).toBe("web-10-0-0-1-dhcp-script-bin-sh");
});

test("an ingress rule of any text becomes a rule of known words only, or none", () => {
  const known =
    /^((ip saddr [0-9./]+|meta nfproto ipv4) )?((tcp|udp) dport [0-9]+(-[0-9]+)? |meta l4proto (tcp|udp|icmp|\{ tcp, udp \}) (th dport [0-9]+(-[0-9]+)? )?)?accept$/;
  fc.assert(
    fc.property(
      fc.oneof(fc.string(), fc.ipV4(), fc.ipV4Extended(), fc.constantFrom("nodes", "vms", "10.0.0.0/8", "0.0.0.0/0")),
      fc.constantFrom("any", "tcp", "udp", "icmp"),
      fc.option(fc.double(), { nil: undefined }),
      fc.option(fc.integer({ min: -1, max: 70_000 }), { nil: undefined }),
      (from, protocol, firstPort, lastPort) => {
        const ports = {
          ...(firstPort === undefined ? {} : { firstPort }),
          ...(lastPort === undefined ? {} : { lastPort }),
        };
        const text = ingressRule({ from, protocol: protocol as "any", ...ports }, host);
        expect(text ?? "accept").toMatch(known);
      },
    ),
  );
});

test("a rule that names no range or no port lets in nobody, not everybody", () => {
  const rule = { from: "vms", protocol: "tcp" as const };
  for (const from of ["", "all", "10.0.0.1/8", "10.0.0.0/33", "fd00::/8", "vms accept"]) {
    expect([from, ingressRule({ ...rule, from }, host)]).toEqual([from, undefined]);
  }
  for (const [firstPort, lastPort] of [
    [0.5, 1],
    [2, 1],
    [-1, 1],
    [1, 65536],
  ] as const) {
    expect(ingressRule({ ...rule, firstPort, lastPort }, host)).toBeUndefined();
  }
});
