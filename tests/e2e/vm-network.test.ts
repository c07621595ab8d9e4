// What guests on a host may do and not do, seen from guests: namespaces wired to real taps that the agent's own code made.

import { removeHostNetwork, setHostNetwork } from "../../provider/agent/net/host-network";
import { setInterfaceSettings } from "../../provider/agent/net/kernel-settings";
import { findNetworkConflicts } from "../../provider/agent/net/network-conflicts";
import { removeVmNetwork, setIngress, setVmNetwork } from "../../provider/agent/net/vm-network";
import { announceVm, endHandOver, handOverVm, markMovedIn, withdrawVm } from "../../provider/agent/net/vm-routes";
import type { IngressRule } from "../../provider/model/vm-spec";
import { inNamespace, Rig, succeedsIn, waitFor } from "./vm-network-rig";

jest.setTimeout(120_000);
const own = `n${process.pid % 100000}`;
const [hostA, hostB, outside] = [`${own}a`, `${own}b`, `${own}o`];
const guests = {
  server: { ns: `${own}s`, vmId: "serveraaaa", mac: "02:aa:00:00:00:01", address: "10.92.3.4", uid: 70001 },
  client: { ns: `${own}c`, vmId: "clientaaaa", mac: "02:aa:00:00:00:02", address: "10.92.3.5", uid: 70002 },
};
type Guest = (typeof guests)["server"];
const parameters = {
  name: "test",
  meshId: "00112233445566ff",
  range6: "fd12:3456:789a::/48",
  nodeRange: "10.91.0.0/16",
  vmRange: "10.92.0.0/16",
  mtu: 1420,
};
const meshOf = { [hostA]: "10.91.0.1", [hostB]: "10.91.0.2" } as const;
const uplinkOf = { [hostA]: "192.0.2.1", [hostB]: "192.0.2.2" } as const;
const outsideAddress = "192.0.2.254";

const rig = new Rig();
const relays = new Map<string, Awaited<ReturnType<Rig["plug"]>>>();

function setGuest(host: string, guest: Guest, ingress: readonly IngressRule[] = []) {
  return setVmNetwork(rig.context(host), {
    vmId: guest.vmId,
    name: "Web 1",
    uid: guest.uid,
    nics: [{ kind: "mesh", ingress }],
    macs: [guest.mac],
    mtu: parameters.mtu,
    address: guest.address,
  });
}

async function plug(host: string, guest: Guest) {
  const earlier = relays.get(guest.ns);
  if (earlier !== undefined) await rig.unplug(earlier);
  relays.set(guest.ns, await rig.plug(guest.ns, host, `leeat${guest.vmId.slice(0, 8)}0`));
}

const reach = (port: number, address: string) =>
  `const s=require("net").connect(${port},"${address}",()=>process.exit(0));s.on("error",()=>process.exit(1));setTimeout(()=>process.exit(1),1500)`;
const canReach = (ns: string, address: string, port: number) =>
  succeedsIn(ns, [process.execPath, "-e", reach(port, address)]);
const canPing = (ns: string, address: string, ...more: string[]) =>
  succeedsIn(ns, ["ping", "-c", "1", "-W", "1", ...more, address]);

/** Answers each line with the opener's address and the line; what is typed into it is said to every connection. */
const serve = (port: number, address = "0.0.0.0") => `
  const open = new Set();
  require("net").createServer((s) => { open.add(s); s.on("error", () => open.delete(s)); s.on("data", (d) => s.write(s.remoteAddress + " " + d)); })
    .listen(${port}, "${address}", () => console.log("listening"));
  process.stdin.on("data", (d) => { for (const s of open) s.write(d); });`;
const converse = (port: number, address: string) => `
  const s = require("net").connect(${port}, "${address}", () => console.log("connected"));
  s.pipe(process.stdout); process.stdin.pipe(s); s.on("error", (e) => { console.log("broken " + e.code); process.exit(1); });`;

beforeAll(async () => {
  for (const name of [outside, hostA, hostB]) rig.addNamespace(name);
  inNamespace(outside, ["ip", "link", "add", "lan", "type", "bridge"]);
  inNamespace(outside, ["ip", "address", "add", `${outsideAddress}/24`, "dev", "lan"]);
  inNamespace(outside, ["ip", "link", "set", "lan", "up"]);
  for (const [index, host] of [hostA, hostB].entries()) {
    rig.addCable({ ns: host, name: "eth0" }, { ns: outside, name: `port${index}` });
    inNamespace(outside, ["ip", "link", "set", `port${index}`, "master", "lan"]);
    inNamespace(host, ["ip", "address", "add", `${uplinkOf[host]}/24`, "dev", "eth0"]);
    inNamespace(host, ["ip", "route", "add", "default", "via", outsideAddress]);
  }
  // A strict host: what we need must work whatever the user has set for all.
  inNamespace(hostA, ["sh", "-c", "echo 1 > /proc/sys/net/ipv4/conf/all/rp_filter"]);
  for (const host of [hostA, hostB]) {
    const meshAddress = meshOf[host] ?? "";
    await setHostNetwork(rig.context(host), {
      parameters,
      meshAddress,
      meshAddress6: `fd12:3456:789a::${meshAddress.at(-1)}`,
    });
  }
  rig.addCable({ ns: hostA, name: "leeal2" }, { ns: hostB, name: "leeal1" });
  for (const [host, link, peer] of [
    [hostA, "leeal2", hostB],
    [hostB, "leeal1", hostA],
  ] as const) {
    await setInterfaceSettings(rig.context(host), link, "link");
    inNamespace(host, ["ip", "address", "add", `${meshOf[host]}/32`, "dev", link]);
    inNamespace(host, ["ip", "route", "add", `${meshOf[peer]}/32`, "dev", link, "metric", "1024"]);
  }
  for (const guest of Object.values(guests)) {
    rig.addGuest(guest.ns, guest.mac);
    await setGuest(hostA, guest);
    await announceVm(rig.context(hostA), guest);
    await plug(hostA, guest);
    // As BIRD would on the other host.
    inNamespace(hostB, [
      "ip",
      "route",
      "add",
      `${guest.address}/32`,
      "via",
      "10.91.0.1",
      "dev",
      "leeal1",
      "onlink",
      "metric",
      "1024",
    ]);
  }
});

afterAll(async () => {
  for (const host of [hostA, hostB]) await removeHostNetwork(rig.context(host));
  rig.destroy();
});

describe("an address by DHCP", () => {
  test("two guests on one host each get their own, as a /32, with the mesh's MTU and their name", () => {
    for (const guest of Object.values(guests)) {
      expect(rig.askDhcp(guest.ns)).toEqual({
        address: guest.address,
        mask: "255.255.255.255",
        mtu: "1420",
        hostname: "web-1",
      });
    }
  });

  test("a guest that takes its neighbour's MAC gets none, and its own again with its own MAC", () => {
    const { client, server } = guests;
    inNamespace(client.ns, ["ip", "link", "set", "eth0", "address", server.mac]);
    expect(rig.askDhcp(client.ns)).toBeUndefined();
    inNamespace(client.ns, ["ip", "link", "set", "eth0", "address", client.mac]);
    expect(rig.askDhcp(client.ns)?.address).toBe(client.address);
  });
});

describe("a guest and its host", () => {
  test("the gateway answers echo and DNS, and nothing else of the host answers", async () => {
    const { client } = guests;
    const listener = rig.talk(hostA, serve(8080));
    await waitFor("the host's listener", () => listener.said().includes("listening"));
    expect(canPing(client.ns, "169.254.1.1")).toBe(true);
    expect(canReach(client.ns, "169.254.1.1", 53)).toBe(true);
    expect(canReach(outside, uplinkOf[hostA] ?? "", 8080)).toBe(true);
    for (const address of ["169.254.1.1", "10.91.0.1", "192.0.2.1"])
      expect([address, canReach(client.ns, address, 8080)]).toEqual([address, false]);
    expect(canPing(client.ns, "10.91.0.1")).toBe(false);
    expect(canPing(client.ns, "192.0.2.1")).toBe(false);
    // The other host's addresses are no more open than its own host's.
    expect(canPing(client.ns, "10.91.0.2")).toBe(false);
  });

  test("the host's own connection to a guest is answered", async () => {
    const { server } = guests;
    const listener = rig.talk(server.ns, serve(8081));
    await waitFor("the guest's listener", () => listener.said().includes("listening"));
    expect(canReach(hostA, server.address, 8081)).toBe(true);
  });

  test("the gateway, the mesh address and the tunnel's port are closed on the uplink's side", () => {
    inNamespace(outside, ["ip", "route", "replace", "169.254.1.1/32", "via", "192.0.2.1"]);
    inNamespace(outside, ["ip", "route", "replace", "10.91.0.1/32", "via", "192.0.2.1"]);
    expect(canPing(outside, "192.0.2.1")).toBe(true);
    expect(canPing(outside, "169.254.1.1")).toBe(false);
    expect(canReach(outside, "169.254.1.1", 53)).toBe(false);
    expect(canPing(outside, "10.91.0.1")).toBe(false);
    expect(canReach(outside, "10.91.0.1", 8080)).toBe(false);
  });

  test("a host of the mesh may ping another's mesh address over the link and reach no port but the agent's and the moves'", async () => {
    const listeners = [8080, 51720, 51730, 51793].map((port) => ({
      port,
      talk: rig.talk(hostB, serve(port, "10.91.0.2")),
    }));
    for (const { talk } of listeners) await waitFor("a listener", () => talk.said().includes("listening"));
    expect(canPing(hostA, "10.91.0.2")).toBe(true);
    const open = listeners.filter(({ port }) => canReach(hostA, "10.91.0.2", port)).map(({ port }) => port);
    expect(open).toEqual([51720, 51730, 51793]);
  });
});

describe("a guest and the outside", () => {
  test("a connection leaves by the host's uplink with the host's address, and comes back", async () => {
    const listener = rig.talk(outside, serve(9090));
    await waitFor("the outside's listener", () => listener.said().includes("listening"));
    const talk = rig.talk(guests.client.ns, converse(9090, outsideAddress));
    await waitFor("a connection", () => talk.said().includes("connected"));
    talk.say("hello\n");
    await waitFor("an answer", () => talk.said().includes("hello"));
    expect(talk.said()).toContain("192.0.2.1 hello");
  });

  test("a packet from an address that is not the guest's goes nowhere", () => {
    const { client, server } = guests;
    expect(canPing(client.ns, outsideAddress)).toBe(true);
    inNamespace(client.ns, ["ip", "address", "add", "10.92.77.77/32", "dev", "eth0"]);
    const before = inNamespace(hostA, ["cat", "/sys/class/net/eth0/statistics/tx_packets"]);
    expect(canPing(client.ns, outsideAddress, "-I", "10.92.77.77")).toBe(false);
    expect(canPing(client.ns, server.address, "-I", "10.92.77.77")).toBe(false);
    expect(inNamespace(hostA, ["cat", "/sys/class/net/eth0/statistics/tx_packets"])).toBe(before);
    inNamespace(client.ns, ["ip", "address", "delete", "10.92.77.77/32", "dev", "eth0"]);
  });

  test("a foreign firewall that drops what it does not know is told with the command that mends it", async () => {
    const docker =
      "add table ip filter; add chain ip filter FORWARD { type filter hook forward priority 0; policy drop; }";
    inNamespace(hostA, ["nft", docker]);
    expect(canPing(guests.client.ns, outsideAddress)).toBe(false);
    const [conflict] = await findNetworkConflicts(rig.context(hostA));
    // The same rules as nft writes them: the old command's program need not be on the machine that runs this.
    expect(conflict?.mend).toContain(
      "`iptables -I FORWARD -i leea+ -j ACCEPT && iptables -I FORWARD -o leea+ -j ACCEPT`",
    );
    for (const side of ["iifname", "oifname"]) {
      inNamespace(hostA, ["nft", `insert rule ip filter FORWARD ${side} "leea*" counter accept`]);
    }
    expect(await findNetworkConflicts(rig.context(hostA))).toEqual([]);
    expect(canPing(guests.client.ns, outsideAddress)).toBe(true);
    inNamespace(hostA, ["nft", "delete", "table", "ip", "filter"]);
  });

  test("the metadata address of clouds is closed", () => {
    inNamespace(outside, ["ip", "address", "add", "169.254.169.254/32", "dev", "lan"]);
    inNamespace(hostA, ["ip", "route", "add", "169.254.169.254/32", "via", outsideAddress]);
    expect(canPing(hostA, "169.254.169.254")).toBe(true);
    expect(canPing(guests.client.ns, "169.254.169.254")).toBe(false);
    inNamespace(hostA, ["ip", "route", "delete", "169.254.169.254/32"]);
  });

  test("the host's own containers are closed, though the host forwards", async () => {
    const container = `${own}k`;
    rig.addNamespace(container);
    inNamespace(hostA, ["ip", "link", "add", "docker0", "type", "bridge"]);
    rig.addCable({ ns: hostA, name: "veth1" }, { ns: container, name: "eth0" });
    inNamespace(hostA, ["ip", "link", "set", "veth1", "master", "docker0"]);
    inNamespace(hostA, ["ip", "link", "set", "docker0", "up"]);
    inNamespace(hostA, ["ip", "address", "add", "172.17.0.1/16", "dev", "docker0"]);
    inNamespace(container, ["ip", "address", "add", "172.17.0.2/16", "dev", "eth0"]);
    inNamespace(container, ["ip", "route", "add", "default", "via", "172.17.0.1"]);
    inNamespace(outside, ["ip", "route", "add", "172.17.0.0/16", "via", "192.0.2.1"]);
    expect(canPing(outside, "172.17.0.2")).toBe(true);
    expect(canPing(guests.client.ns, "172.17.0.2")).toBe(false);
    expect(canPing(guests.client.ns, outsideAddress)).toBe(true);
    expect(canPing(container, guests.client.address)).toBe(false);
    inNamespace(hostA, ["ip", "link", "delete", "docker0"]);
  });

  test("a neighbour on the uplink that routes to a guest, from its own or a forged mesh address, reaches nothing", async () => {
    const { server } = guests;
    const everyone: IngressRule[] = [
      { from: "vms", protocol: "any" },
      { from: "nodes", protocol: "any" },
    ];
    await setIngress(rig.context(hostA), server.vmId, [{ kind: "mesh", ingress: everyone }]);
    inNamespace(outside, ["ip", "route", "add", `${server.address}/32`, "via", "192.0.2.1"]);
    inNamespace(outside, ["ip", "address", "add", "10.91.0.99/32", "dev", "lan"]);
    inNamespace(hostA, ["ip", "route", "add", "10.91.0.99/32", "via", outsideAddress]);
    expect(canPing(outside, server.address)).toBe(false);
    expect(canPing(outside, server.address, "-I", "10.91.0.99")).toBe(false);
    await setIngress(rig.context(hostA), server.vmId, [
      { kind: "mesh", ingress: [{ from: "192.0.2.0/24", protocol: "icmp" }] },
    ]);
    expect(canPing(outside, server.address)).toBe(true);
    await setIngress(rig.context(hostA), server.vmId, [{ kind: "mesh", ingress: [] }]);
  });
});

describe("guests among each other", () => {
  test("a guest reaches another only where an ingress rule lets it, and only on the declared port", async () => {
    const { client, server } = guests;
    const listeners = [7001, 7002].map((port) => rig.talk(server.ns, serve(port)));
    for (const talk of listeners) await waitFor("the guest's listener", () => talk.said().includes("listening"));
    expect([canPing(client.ns, server.address), canReach(client.ns, server.address, 7001)]).toEqual([false, false]);
    const ingress: IngressRule[] = [{ from: "vms", protocol: "tcp", firstPort: 7001, lastPort: 7001 }];
    await setIngress(rig.context(hostA), server.vmId, [{ kind: "mesh", ingress }]);
    expect(canReach(client.ns, server.address, 7001)).toBe(true);
    expect(canReach(client.ns, server.address, 7002)).toBe(false);
    expect(canPing(client.ns, server.address)).toBe(false);
    expect(canReach(hostB, server.address, 7001)).toBe(false);
    expect(canReach(server.ns, client.address, 7001)).toBe(false);
    await setIngress(rig.context(hostA), server.vmId, [
      { kind: "mesh", ingress: [{ from: "nodes", protocol: "tcp" }] },
    ]);
    expect(canReach(hostB, server.address, 7002)).toBe(true);
    expect(canReach(client.ns, server.address, 7001)).toBe(false);
  });
});

describe("a move from host A to host B", () => {
  /** The acts of mesh.md's sequence with their pauses left out, and BIRD's part done by hand. */
  async function move(guest: Guest, ingress: readonly IngressRule[], way: "link" | "tunnel") {
    const [a, b] = [rig.context(hostA), rig.context(hostB)];
    await setGuest(hostB, guest, ingress);
    await markMovedIn(b, guest);
    await announceVm(b, guest);
    const link = way === "link" ? { linkInterface: "leeal2" } : {};
    await handOverVm(a, {
      address: guest.address,
      destinationMeshAddress: "10.91.0.2",
      ownMeshAddress: "10.91.0.1",
      ...link,
    });
    await plug(hostB, guest);
  }

  async function finish(guest: Guest) {
    const a = rig.context(hostA);
    inNamespace(hostA, [
      "ip",
      "route",
      "add",
      `${guest.address}/32`,
      "via",
      "10.91.0.2",
      "dev",
      "leeal2",
      "onlink",
      "metric",
      "1024",
    ]);
    await withdrawVm(a, guest);
    await endHandOver(a, guest);
    await removeVmNetwork(a, guest.vmId);
  }

  test("open connections go on in both directions, and nothing new is let in that was not", async () => {
    const { client, server } = guests;
    const ingress: IngressRule[] = [{ from: "vms", protocol: "tcp", firstPort: 7003, lastPort: 7003 }];
    await setIngress(rig.context(hostA), server.vmId, [{ kind: "mesh", ingress }]);
    const serving = rig.talk(server.ns, serve(7003));
    await waitFor("the server", () => serving.said().includes("listening"));
    const talk = rig.talk(client.ns, converse(7003, server.address));
    await waitFor("a connection", () => talk.said().includes("connected"));
    const fromHost = rig.talk(hostA, converse(7003, server.address));
    await waitFor("the host's connection", () => fromHost.said().includes("connected"));

    await move(server, ingress, "link");
    for (const stage of ["handed over", "withdrawn"]) {
      if (stage === "withdrawn") await finish(server);
      talk.say(`asked ${stage}\n`);
      await waitFor(`the answer when ${stage}`, () => talk.said().includes(`10.92.3.5 asked ${stage}`));
      serving.say(`pushed ${stage}\n`);
      await waitFor(`the push when ${stage}`, () => talk.said().includes(`pushed ${stage}`));
      await waitFor(`the push to the host when ${stage}`, () => fromHost.said().includes(`pushed ${stage}`));
    }
    expect(canReach(client.ns, server.address, 7003)).toBe(true);
    expect(canPing(client.ns, server.address)).toBe(false);
    expect(canReach(hostA, server.address, 7003)).toBe(false);
    expect(canReach(server.ns, client.address, 7003)).toBe(false);
  });

  test("a guest that only listens is still spoken to after its own move, through the tunnel as well", async () => {
    const { client, server } = guests;
    const serving = rig.talk(server.ns, serve(7004));
    await setIngress(rig.context(hostB), server.vmId, [{ kind: "mesh", ingress: [{ from: "vms", protocol: "tcp" }] }]);
    await waitFor("the server", () => serving.said().includes("listening"));
    const talk = rig.talk(client.ns, converse(7004, server.address));
    await waitFor("a connection", () => talk.said().includes("connected"));
    await move(client, [], "tunnel");
    // Host B still sends by host A: what comes back from there came through the tunnel.
    const before = inNamespace(hostB, ["cat", "/sys/class/net/leeah0/statistics/rx_packets"]);
    inNamespace(hostB, [
      "ip",
      "route",
      "replace",
      `${client.address}/32`,
      "via",
      "10.91.0.1",
      "dev",
      "leeal1",
      "onlink",
    ]);
    serving.say("pushed through the tunnel\n");
    await waitFor(
      "traffic in the tunnel",
      () => inNamespace(hostB, ["cat", "/sys/class/net/leeah0/statistics/rx_packets"]) !== before,
    );
    await announceVm(rig.context(hostB), client);
    await finish(client);
    await waitFor("the push", () => talk.said().includes("pushed through the tunnel"));
    serving.say("pushed after\n");
    await waitFor("the push after", () => talk.said().includes("pushed after"));
    expect(canReach(server.ns, client.address, 7004)).toBe(false);
  });
});
