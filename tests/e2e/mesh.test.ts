// Three hosts in a row, linked by real WireGuard and routed by real BIRD through the agent's own functions. Needs root on Linux, bird,
// wg and, where the kernel has no WireGuard, wireguard-go (npm run setup).

import type { NodeDescriptor, VouchResponse } from "../../provider/protocol/node";
import { type LinkEnds, type MeshRig, startMeshRig } from "./mesh/mesh-rig";

jest.setTimeout(120_000);
let rig: MeshRig;
let descriptors: Record<"a" | "b" | "c", NodeDescriptor>;
let vouchedC: VouchResponse;
let linkBC: LinkEnds;

beforeAll(async () => {
  rig = await startMeshRig(`mesh-${process.pid}`, ["a", "b", "c"]);
  await rig.found("a");
  const vouchedB = await rig.join("b", "a");
  vouchedC = await rig.join("c", "b");
  await rig.link("a", "b", vouchedB);
  linkBC = await rig.link("b", "c", vouchedC);
  const [a, b, c] = await Promise.all([rig.describe("a"), rig.describe("b"), rig.describe("c")]);
  descriptors = { a: a.descriptor, b: b.descriptor, c: c.descriptor };
}, 180_000);

afterAll(() => rig?.end());

/** Pings until an answer comes; gives its line. Fails after `seconds`. */
function reach(host: string, address: string, seconds = 30): Promise<string> {
  const look = `ping -n -c 1 -W 1 ${address} 2>/dev/null | grep time= && exit 0 || sleep 0.2`;
  return rig.inside(host, `end=$((SECONDS+${seconds})); while [ $SECONDS -lt $end ]; do ${look}; done; exit 1`);
}

/** Waits until a bash condition holds on a host. Fails after `seconds`. */
function becomes(host: string, condition: string, seconds = 30): Promise<string> {
  return rig.inside(host, `end=$((SECONDS+${seconds})); until ${condition}; do [ $SECONDS -lt $end ]; sleep 0.1; done`);
}

/** Pids of BIRD and wireguard-go on a host. */
function daemons(host: string): Promise<string> {
  return rig.inside(host, "pgrep -a 'bird|wireguard-go' | sort");
}

test("hosts that are not linked reach each other over the one between them", async () => {
  expect(await reach("a", descriptors.c.meshAddress)).toContain("ttl=63");
  expect(await reach("c", descriptors.a.meshAddress)).toContain("ttl=63");
  const { links } = await rig.describe("b");
  expect(links).toHaveLength(2);
  for (const link of links) expect(link.lastHandshakeMs).toBeGreaterThan(0);
});

test("neighbours reach each other by IPv6 as well", async () => {
  await reach("a", descriptors.b.meshAddress6);
  await reach("c", descriptors.b.meshAddress6);
});

test("what crosses the uplink is WireGuard and nothing of the mesh", async () => {
  const uplink = await rig.inside("b", "ip -o route show default | sed 's/.* dev \\([^ ]*\\).*/\\1/'");
  const chain = (hook: string, device: string): string =>
    `chain ${hook} {\n type filter hook ${hook} priority -400\n ${device} "${uplink}" jump judge\n}`;
  const counted = ["ip saddr 10.91.0.0/16", "ip daddr 10.91.0.0/16", "udp dport 6696", "udp dport 51820-51827"];
  const judge = `chain judge {\n${counted.map((match) => `${match} counter\n`).join("")}}`;
  const table = `table inet probe {\n${judge}\n${chain("prerouting", "iifname")}\n${chain("postrouting", "oifname")}\n}`;
  await rig.inside("b", `nft '${table}'`);
  await reach("a", descriptors.c.meshAddress);
  const judged = await rig.inside("b", "nft list chain inet probe judge; nft delete table inet probe");
  const packets = [...judged.matchAll(/counter packets (\d+)/g)].map((match) => Number(match[1]));
  expect(packets.slice(0, 3)).toEqual([0, 0, 0]);
  expect(packets[3]).toBeGreaterThan(0);
  expect(await rig.inside("a", `ip route get ${descriptors.c.meshAddress}`)).toMatch(/dev leeal\d/);
});

test("agents call each other across the mesh, and nobody can stand in for another", async () => {
  const endServer = await rig.keep("c", "serve");
  try {
    const { answer } = await rig.act<{ answer: unknown }>("a", "call", {
      peer: descriptors.c,
      count: 20,
    });
    expect(answer).toEqual({ state: descriptors.a.fingerprint });
    const imposter = { ...descriptors.c, fingerprint: descriptors.b.fingerprint };
    await expect(rig.act("a", "call", { peer: imposter, count: 1 })).rejects.toMatchObject({
      code: "IDENTITY_CHANGED",
    });
  } finally {
    await endServer();
  }
});

test("everything may be asked again and changes nothing", async () => {
  const before = await Promise.all([daemons("b"), rig.inside("b", "cat /var/lib/leea/mesh.json")]);
  const again = await rig.link("b", "c", vouchedC);
  expect(again).toEqual(linkBC);
  await rig.act("b", "restore");
  expect(await Promise.all([daemons("b"), rig.inside("b", "cat /var/lib/leea/mesh.json")])).toEqual(before);
});

test("a member of a mesh is put into no other, and the error names the one it is in", async () => {
  const found = { name: "other", nodeRange: "10.91.0.0/16", vmRange: "10.92.0.0/16", mtu: 1420 };
  const request = {
    owner: "acme/shop/test",
    name: "b",
    endpoint: { address: "198.51.100.1", portBase: 51820, portCount: 8 },
    found,
  };
  await expect(rig.act("b", "putMesh", request)).rejects.toMatchObject({
    code: "CONFLICT",
    message: expect.stringContaining('"prod"'),
  });
  await expect(rig.act("b", "putMesh", { ...request, owner: "someone/else/x" })).rejects.toMatchObject({
    details: { owner: "acme/shop/test" },
  });
});

test("a link is refused on a voucher for someone else, and on a changed descriptor", async () => {
  const { voucher } = vouchedC;
  const forA = { peer: descriptors.a, voucher };
  await expect(rig.act("b", "putLink", forA)).rejects.toMatchObject({ code: "INPUT_INVALID" });
  const changed = { peer: { ...descriptors.c, meshAddress6: descriptors.a.meshAddress6 }, voucher };
  await expect(rig.act("b", "putLink", changed)).rejects.toMatchObject({ code: "INPUT_INVALID" });
});

test("a member's voucher for itself, with the address it has, serves for a link to it", async () => {
  const { nodeId, fingerprint, publicKey } = descriptors.c;
  const { voucher } = await rig.act<VouchResponse>("c", "vouch", { candidate: { nodeId, fingerprint, publicKey } });
  expect(JSON.parse(voucher.payload)).toMatchObject({ subject: nodeId, meshAddress: descriptors.c.meshAddress });
  expect(await rig.act("b", "putLink", { peer: descriptors.c, voucher })).toEqual(linkBC.one);
});

test("a guest's route is announced two hosts away and withdrawn again", async () => {
  await rig.inside("c", "ip route add blackhole 10.92.7.7/32 proto 200");
  await becomes("a", "ip route show 10.92.7.7 | grep -q leeal");
  await rig.inside("c", "ip route del blackhole 10.92.7.7/32 proto 200");
  await becomes("a", "! ip route show 10.92.7.7 | grep -q leeal");
});

test("routes that are not the mesh's are neither announced nor taken in", async () => {
  await rig.inside(
    "c",
    "ip route add blackhole 203.0.113.0/24 proto 200; ip route add blackhole 10.92.64.0/24 proto 200; ip route add blackhole 10.92.9.9/32 proto 200",
  );
  await becomes("a", "ip route show 10.92.9.9 | grep -q leeal");
  expect(await rig.inside("a", "ip route show table all | grep -E '203.0.113|10.92.64' || true")).toBe("");
  await rig.inside(
    "c",
    "ip route del blackhole 203.0.113.0/24; ip route del blackhole 10.92.64.0/24; ip route del blackhole 10.92.9.9/32",
  );
});

test("a wireguard-go and a BIRD that died come back with the restore, and the rest is left alone", async () => {
  const before = await daemons("b");
  const markedPid = "$(sed 's/.*\"pid\":\\([0-9]*\\).*/\\1/' /run/leea/wireguard/leeal1.json)";
  await rig.inside("b", `kill -9 $(cat /run/leea/bird/bird.pid) ${markedPid}`);
  await becomes("b", "! pgrep -x bird");
  expect(await rig.act("b", "restore")).toEqual({ isMember: true, brokenLinks: [] });
  const after = await daemons("b");
  expect(after).not.toBe(before);
  for (const line of before.split("\n").filter((text) => text.includes("leeal0"))) expect(after).toContain(line);
  await reach("a", descriptors.c.meshAddress);
});

test("what other software takes away comes back by itself, and what runs is left alone", async () => {
  const before = await daemons("b");
  const endWatch = await rig.keep("b", "watch");
  try {
    await rig.inside("b", "nft flush ruleset; ip rule del pref 100; ip link set leeal0 down; ip link del leea0");
    await becomes("b", "nft list chain inet leea input >/dev/null 2>&1");
    await becomes("b", "ip rule show pref 100 | grep -q 201");
    await reach("a", descriptors.c.meshAddress);
    expect(await daemons("b")).toBe(before);
    await rig.inside("b", "kill -9 $(cat /run/leea/bird/bird.pid)");
    await becomes("b", "birdc -s /run/leea/bird/bird.ctl show status >/dev/null 2>&1");
    await reach("a", descriptors.c.meshAddress);
  } finally {
    await endWatch();
  }
});

test("another BIRD on the host keeps its routes and leaves us ours", async () => {
  const config = [
    'log "/run/other/log" all; debug protocols { events }; router id 192.0.2.9; protocol device {}',
    "protocol kernel kern { learn; scan time 1; ipv4 { import none; export all; }; }",
    "protocol static { ipv4; route 203.0.113.0/24 blackhole; }",
  ];
  const start = "mkdir -p /run/other; cat > /run/other/c; bird -c /run/other/c -s /run/other/s -P /run/other/p";
  const [theirs, ours] = [
    "ip route show 203.0.113.0/24 proto bird",
    "ip route show proto bird metric 1024 | sed 's, *$,,' | sort",
  ];
  const before = await rig.inside("b", ours);
  expect(before).toContain(descriptors.a.meshAddress);
  await rig.inside("b", `echo '${config.join("\n")}' | { ${start}; }`);
  // Each BIRD looks through the kernel's table: theirs every second, ours when it starts.
  await becomes("b", "[ $(grep -c 'kern: Scanning' /run/other/log) -ge 3 ]");
  expect(await rig.inside("b", ours)).toBe(before);
  await rig.inside("b", "kill -9 $(cat /run/leea/bird/bird.pid)");
  await rig.act("b", "restore");
  await becomes("b", `[ "$(${ours})" = '${before}' ]`);
  expect(await rig.inside("b", theirs)).toContain("metric 32");
  await rig.inside("b", "kill $(cat /run/other/p)");
  await becomes("b", `! ${theirs} | grep -q .`);
  expect(await rig.inside("b", ours)).toBe(before);
});

test("a host whose power was cut is in the mesh again after its agent's start, with the same addresses", async () => {
  await rig.powerCut("c");
  expect(await rig.inside("c", "ls /sys/class/net")).not.toContain("leea");
  await rig.act("c", "restore");
  expect((await rig.describe("c")).descriptor).toEqual(descriptors.c);
  await reach("a", descriptors.c.meshAddress, 60);
});

test("what stands in the mesh's way on a host is named, and the mend that is named helps", async () => {
  await rig.inside(
    "b",
    "ip link add legacy0 type bridge; ip link set legacy0 up; ip route add 10.92.32.0/20 dev legacy0",
  );
  const conflicts = await rig.act<{ what: string; mend: string }[]>("b", "conflicts");
  expect(conflicts).toHaveLength(1);
  expect(conflicts[0]?.what).toContain("10.92.32.0/20 on legacy0");
  await rig.inside("b", "ip link del legacy0");
  await rig.inside(
    "b",
    "nft 'table ip filter { chain FORWARD { type filter hook forward priority 0; policy drop; }; }'",
  );
  const [filter] = await rig.act<{ what: string; mend: string }[]>("b", "conflicts");
  expect(filter?.what).toContain("ip filter FORWARD");
  for (const [, command] of (filter?.mend ?? "").matchAll(/`(nft [^`]+)`/g)) await rig.inside("b", command ?? "false");
  expect(await rig.act("b", "conflicts")).toEqual([]);
  await reach("a", descriptors.c.meshAddress);
  await rig.inside("b", "nft delete table ip filter");
  expect(await rig.act("b", "conflicts")).toEqual([]);
});

test("a new link is the shorter way, and when it falls silent traffic turns to the longer one", async () => {
  // c was admitted by b; a links to it on the same voucher, as any member may.
  const { one, other } = await rig.link("a", "c", vouchedC);
  const { meshAddress } = descriptors.c;
  await becomes("a", `ip route show ${meshAddress} | grep -q 'dev ${one.interfaceName} '`);
  await becomes("a", `ping -n -c 1 -W 1 ${meshAddress} | grep -q ttl=64`); // c has chosen the way back for itself
  // Packets vanish without a word, as on a broken path: both interfaces stay up.
  const silence = `nft 'table inet silence { chain input { type filter hook input priority -300; udp dport ${other.listenPort} drop; }; }'`;
  await rig.inside("c", silence);
  await becomes("a", `ping -n -c 1 -W 1 ${meshAddress} | grep -q ttl=63`);
  await rig.inside("c", "nft delete table inet silence");
  await becomes("a", `ping -n -c 1 -W 1 ${meshAddress} | grep -q ttl=64`, 60);
  await rig.act("a", "deleteLink", descriptors.c.nodeId);
  await rig.act("c", "deleteLink", descriptors.a.nodeId);
  expect(await reach("a", meshAddress)).toContain("ttl=63");
});

test("a deleted link is gone at both ends, and traffic to the mesh does not turn to the uplink", async () => {
  expect(await rig.act("b", "deleteLink", descriptors.c.nodeId)).toEqual({ changed: true });
  expect(await rig.act("c", "deleteLink", descriptors.b.nodeId)).toEqual({ changed: true });
  expect(await rig.act("c", "deleteLink", descriptors.b.nodeId)).toEqual({ changed: false });
  await becomes("a", `! ip route get ${descriptors.c.meshAddress}`);
  expect(await rig.inside("c", "ls /sys/class/net | grep leeal || true")).toBe("");
  await reach("a", descriptors.b.meshAddress);
});

test("leaving removes every trace but the identity, and the others see the host gone", async () => {
  for (const host of ["c", "b", "a"]) {
    expect(await rig.act(host, "leave")).toEqual({ changed: true });
    expect(await rig.act(host, "leave")).toEqual({ changed: false });
    expect(await rig.inside(host, "ip -br link | grep leea || true")).toBe("");
    expect(await rig.inside(host, "ip route show table all | grep -E '10.9[12]\\.|proto bird' || true")).toBe("");
    expect(await rig.inside(host, "pgrep -a 'bird|wireguard-go' || true")).toBe("");
    expect(
      await rig.inside(host, "ls /run/leea/bird /run/leea/wireguard /var/lib/leea/mesh.json 2>/dev/null || true"),
    ).toBe("");
    expect(await rig.act(host, "describe")).toBeNull();
  }
});
