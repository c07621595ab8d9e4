// How a host's network comes, survives crashes and goes: snapshots of a namespace before and after, and a System that
// fails at its n-th act.

import { readFileSync, readlinkSync } from "node:fs";
import type { AgentContext } from "../../provider/agent/agent-context";
import {
  refreshNetRules,
  removeHostNetwork,
  restoreHostNetwork,
  setHostNetwork,
} from "../../provider/agent/net/host-network";
import { findNetworkConflicts } from "../../provider/agent/net/network-conflicts";
import { chooseVmAddress } from "../../provider/agent/net/vm-address";
import { removeVmNetwork, setVmNetwork, type VmNetwork } from "../../provider/agent/net/vm-network";
import { announceStoppedVm, announceVm, withdrawVm } from "../../provider/agent/net/vm-routes";
import { linuxSystem } from "../../provider/agent/system/linux-system";
import type { System } from "../../provider/agent/system/system";
import type { LeeaError } from "../../provider/model/errors";
import { inNamespace, namespaceSystem, Rig, waitFor } from "./vm-network-rig";

jest.setTimeout(600_000);
const host = `l${process.pid % 100000}a`;
const rig = new Rig();
const hostNetwork = {
  parameters: {
    name: "test",
    meshId: "00112233445566ff",
    range6: "fd12:3456:789a::/48",
    nodeRange: "10.91.0.0/16",
    vmRange: "10.92.0.0/16",
    mtu: 1420,
  },
  meshAddress: "10.91.0.1",
  meshAddress6: "fd12:3456:789a:1:2:3:4:5",
};
const meshVm: VmNetwork = {
  vmId: "serveraaaa",
  name: "web",
  uid: 70001,
  nics: [{ kind: "mesh", ingress: [{ from: "vms", protocol: "tcp", firstPort: 80, lastPort: 80 }] }],
  macs: ["02:aa:00:00:00:01"],
  mtu: 1420,
  address: "10.92.3.4",
};
const tap = "leeatserveraa0";

/** A System whose n-th act that changes something fails, as if the agent had died there. */
function dyingSystem(system: System, actsLeft: number): { system: System; died: () => boolean } {
  let left = actsLeft;
  const step = () => {
    left -= 1;
    if (left < 0) throw new Error("the agent died here");
  };
  const dying: System = {
    ...system,
    run: async (argv, options) => (step(), system.run(argv, options)),
    startDaemon: async (spec) => (step(), system.startDaemon(spec)),
    writeDurable: async (path, text, mode) => (step(), system.writeDurable(path, text, mode)),
    writeText: async (path, text, mode) => (step(), system.writeText(path, text, mode)),
    remove: async (path) => (step(), system.remove(path)),
  };
  return { system: dying, died: () => left < 0 };
}

async function dnsmasqs(): Promise<readonly { pid: number; config: string }[]> {
  const found = await Promise.all(
    (await linuxSystem.listPids()).map(async (pid) => ({ pid, argv: (await linuxSystem.argvOf(pid)) ?? [] })),
  );
  return found
    .filter(({ argv }) => argv[0] === "dnsmasq" && argv[2]?.includes(`${rig.folder}/${host}/`))
    .map(({ pid, argv }) => ({ pid, config: argv[2]?.split("/").at(-1) ?? "" }))
    .sort((one, other) => one.config.localeCompare(other.config));
}

let ctx: AgentContext;
let untouched: string;

beforeAll(async () => {
  rig.addNamespace(host);
  rig.addCable({ ns: host, name: "eth0" }, { ns: host, name: "eth1" });
  // As a real card's: the kernel draws a cable's at random, and one in 64 of those begins with fe, as a tap's does.
  inNamespace(host, ["ip", "link", "set", "eth1", "address", "52:54:00:12:34:56"]);
  inNamespace(host, ["ip", "address", "add", "192.0.2.1/24", "dev", "eth0"]);
  inNamespace(host, [
    "nft",
    "add table ip mine; add chain ip mine forward { type filter hook forward priority 0; policy drop; }",
  ]);
  inNamespace(host, ["ip", "rule", "add", "pref", "90", "lookup", "main"]);
  ctx = rig.context(host);
  await waitFor("settled IPv6 addresses", () => !inNamespace(host, ["ip", "address"]).includes("tentative"));
  // Connection tracking is set up in a namespace at its first use and stays: it belongs to the kernel, not to us.
  untouched = rig.snapshot(host);
});

afterEach(async () => {
  await removeHostNetwork(ctx);
  expect(await dnsmasqs()).toEqual([]);
  expect(rig.snapshot(host)).toBe(untouched);
});

afterAll(() => rig.destroy());

test("what is set is left alone when it is set again, and gone without a trace when it is removed", async () => {
  await setHostNetwork(ctx, hostNetwork);
  expect(await setVmNetwork(ctx, meshVm)).toEqual({ taps: [tap] });
  await announceVm(ctx, meshVm);
  const first = rig.snapshot(host);
  expect(first).toContain(`10.92.3.4 dev ${tap} proto 200`);
  const daemons = await dnsmasqs();
  expect(daemons.map(({ config }) => config)).toEqual(["dns.conf", `${tap}.conf`]);
  // A new agent: nothing in its memory.
  const later = rig.context(host);
  await restoreHostNetwork(later);
  await setHostNetwork(later, hostNetwork);
  await setVmNetwork(later, meshVm);
  expect(rig.snapshot(host)).toBe(first);
  expect(await dnsmasqs()).toEqual(daemons);
});

test("a dnsmasq whose mark was lost is found again, and one that died is started again", async () => {
  await setHostNetwork(ctx, hostNetwork);
  await setVmNetwork(ctx, meshVm);
  const [dns, dhcp] = await dnsmasqs();
  process.kill(dhcp?.pid ?? 0, "SIGKILL");
  await linuxSystem.remove(`${ctx.paths.run}/net/dns.mark`);
  await restoreHostNetwork(ctx);
  const after = await dnsmasqs();
  expect(after.map(({ config }) => config)).toEqual([dns?.config, dhcp?.config]);
  expect(after[1]?.pid).not.toBe(dhcp?.pid);
});

test("what other software took away is put back", async () => {
  await setHostNetwork(ctx, hostNetwork);
  const whole = rig.snapshot(host);
  inNamespace(host, ["nft", "delete", "table", "inet", "leea"]);
  inNamespace(host, ["ip", "rule", "delete", "pref", "100"]);
  inNamespace(host, ["ip", "route", "flush", "proto", "199"]);
  inNamespace(host, ["ip", "address", "delete", "10.91.0.1/32", "dev", "leea0"]);
  await setHostNetwork(ctx, hostNetwork);
  expect(rig.snapshot(host).split("\n").sort()).toEqual(whole.split("\n").sort());
});

test("a default route that comes or goes changes what counts as the uplink", async () => {
  await setHostNetwork(ctx, hostNetwork);
  const uplinks = () => inNamespace(host, ["nft", "list", "set", "inet", "leea", "uplinks"]);
  expect(uplinks()).not.toContain("eth0");
  inNamespace(host, ["ip", "route", "add", "default", "via", "192.0.2.9", "dev", "eth0"]);
  await refreshNetRules(ctx);
  expect(uplinks()).toContain('"eth0"');
  inNamespace(host, ["ip", "route", "delete", "default"]);
  await refreshNetRules(ctx);
  expect(uplinks()).not.toContain("eth0");
});

test("an agent that dies at any point leaves what the next one completes, and what it can remove", async () => {
  const seen: unknown[] = [];
  let point = 0;
  for (let died = true; died; point += 3) {
    const dying = dyingSystem(namespaceSystem(host), point);
    const mortal = rig.context(host, dying.system);
    const making = setHostNetwork(mortal, hostNetwork).then(() => setVmNetwork(mortal, meshVm));
    const end = await making.then(
      () => "made",
      (error: Error) => error.message,
    );
    died = dying.died();
    if (point % 2 === 0) await completeAndDieRemoving(point + 1);
    await removeHostNetwork(ctx);
    const left = rig.snapshot(host) === untouched ? (await dnsmasqs()).length : "changes";
    seen.push({ point, end, left });
  }
  expect(point).toBeGreaterThan(30);
  const wanted = seen.map((_, index) => ({ point: index * 3, end: "the agent died here", left: 0 }));
  expect(seen).toEqual([...wanted.slice(0, -1), { point: point - 3, end: "made", left: 0 }]);
});

async function completeAndDieRemoving(point: number): Promise<void> {
  await setHostNetwork(ctx, hostNetwork);
  await setVmNetwork(ctx, meshVm);
  const running = (await dnsmasqs()).map(({ config }) => config);
  const filter = inNamespace(host, ["nft", "list", "map", "inet", "leea", "own_source"]);
  expect([point, running, filter.includes(tap)]).toEqual([point, ["dns.conf", `${tap}.conf`], true]);
  const dying = dyingSystem(namespaceSystem(host), point);
  const end = await removeHostNetwork(rig.context(host, dying.system)).then(
    () => "removed",
    (error: Error) => error.message,
  );
  expect(end).toBe(dying.died() ? "the agent died here" : "removed");
}

test("a changed mesh moves addresses, guards and rules, and keeps the first word on what stood before", async () => {
  await setHostNetwork(ctx, hostNetwork);
  const parameters = {
    ...hostNetwork.parameters,
    nodeRange: "10.71.0.0/16",
    vmRange: "10.72.0.0/16",
    range6: "fdaa:bbbb:cccc::/48",
  };
  await setHostNetwork(ctx, { parameters, meshAddress: "10.71.0.9", meshAddress6: "fdaa:bbbb:cccc::9" });
  const now = rig.snapshot(host);
  for (const old of ["10.91.0", "10.92.0", "fd12:3456"]) expect(now).not.toContain(old);
  expect(now).toContain("unreachable 10.72.0.0/16");
});

test("a VM on a user's bridge gets a tap that changes neither the bridge's MAC nor its MTU", async () => {
  inNamespace(host, ["ip", "link", "add", "br0", "type", "bridge"]);
  for (const device of ["eth0", "eth1"]) inNamespace(host, ["ip", "link", "set", device, "mtu", "9000"]);
  inNamespace(host, ["ip", "link", "set", "eth1", "master", "br0"]);
  inNamespace(host, ["ip", "link", "set", "br0", "up"]);
  const bridgeNow = () =>
    /mtu (\d+).*link\/ether (\S+)/.exec(inNamespace(host, ["ip", "-o", "link", "show", "br0"]))?.slice(1);
  const before = bridgeNow();
  expect(before?.[0]).toBe("9000");
  const vm: VmNetwork = {
    ...meshVm,
    nics: [
      { kind: "bridge", bridge: "br0" },
      { kind: "bridge", bridge: "br0" },
    ],
    // Lower than any other's: a bridge would take it for its own.
    macs: ["02:00:00:00:00:01", "02:00:00:00:00:02"],
  };
  expect(await setVmNetwork(ctx, vm)).toEqual({ taps: ["leeabserveraa0", "leeabserveraa1"] });
  const plugged = () => inNamespace(host, ["ip", "-br", "link", "show", "master", "br0"]).match(/^leea\w+/gm);
  expect([bridgeNow(), plugged()]).toEqual([before, ["leeabserveraa0", "leeabserveraa1"]]);
  await setVmNetwork(ctx, { ...vm, nics: vm.nics.slice(1), macs: vm.macs.slice(1) });
  expect([bridgeNow(), plugged()]).toEqual([before, ["leeabserveraa0"]]);
  await removeVmNetwork(ctx, vm.vmId);
  inNamespace(host, ["ip", "link", "delete", "br0"]);
  for (const device of ["eth0", "eth1"]) inNamespace(host, ["ip", "link", "set", device, "mtu", "1500"]);
});

test("a bridge that is not there, or filters no VLANs, is named by its field, and removing goes on to work", async () => {
  const nics = [meshVm.nics[0], { kind: "bridge", bridge: "br9" }] as VmNetwork["nics"];
  await setHostNetwork(ctx, hostNetwork);
  const vm = { ...meshVm, nics, macs: [...meshVm.macs, "02:aa:00:00:00:09"] };
  await expect(setVmNetwork(ctx, vm)).rejects.toMatchObject({
    code: "NETWORK_CONFLICT",
    details: { field: "nics[1].bridge" },
  });
  inNamespace(host, ["ip", "link", "add", "br9", "type", "bridge"]);
  const tagged = [meshVm.nics[0], { kind: "bridge", bridge: "br9", vlan: 7 }] as VmNetwork["nics"];
  const refused = await setVmNetwork(ctx, { ...vm, nics: tagged }).catch((error: LeeaError) => error);
  expect(refused).toMatchObject({ code: "NETWORK_CONFLICT", details: { field: "nics[1].vlan" } });
  expect((refused as LeeaError).hint).toContain("vlan_filtering 1");
  await removeVmNetwork(ctx, vm.vmId);
  inNamespace(host, ["ip", "link", "delete", "br9"]);
});

test("a stopped VM keeps its address taken, and an address that others have is refused by name", async () => {
  await setHostNetwork(ctx, hostNetwork);
  const { vmRange } = hostNetwork.parameters;
  const ask = (vmId: string, wanted?: string) =>
    chooseVmAddress(ctx, { vmRange, vmId, ...(wanted === undefined ? {} : { wanted }) });
  const chosen = await ask("serveraaaa");
  expect(await ask("serveraaaa")).toBe(chosen);
  await announceStoppedVm(ctx, { vmId: "otheraaaaa", address: chosen });
  expect(inNamespace(host, ["ip", "route", "show", chosen])).toContain("blackhole");
  expect(await ask("serveraaaa")).not.toBe(chosen);
  await expect(ask("serveraaaa", chosen)).rejects.toThrow(
    `nics[0].mesh.address: ${chosen} is taken (kept for a stopped VM of this host)`,
  );
  await withdrawVm(ctx, { vmId: "otheraaaaa" });
  expect(await ask("serveraaaa", chosen)).toBe(chosen);
  inNamespace(host, ["ip", "route", "add", `${chosen}/32`, "via", "192.0.2.9", "dev", "eth0", "metric", "1024"]);
  await expect(ask("serveraaaa", chosen)).rejects.toThrow(`${chosen} is taken (announced by 192.0.2.9 over eth0)`);
  inNamespace(host, ["ip", "route", "delete", `${chosen}/32`]);
  await expect(ask("serveraaaa", "10.93.0.1")).rejects.toMatchObject({ code: "INPUT_INVALID" });
  await expect(ask("serveraaaa", "10.92.255.255")).rejects.toMatchObject({ code: "INPUT_INVALID" });
  await setVmNetwork(ctx, meshVm);
  await announceVm(ctx, meshVm);
  expect(await ask(meshVm.vmId, meshVm.address)).toBe(meshVm.address);
  await expect(ask("otheraaaaa", meshVm.address)).rejects.toThrow('10.92.3.4 is taken (VM "web" on this host)');
});

test("the tap belongs to the VM's user, and DHCP runs as nobody", async () => {
  await setHostNetwork(ctx, hostNetwork);
  await setVmNetwork(ctx, meshVm);
  expect(inNamespace(host, ["cat", `/sys/class/net/${tap}/owner`]).trim()).toBe("70001");
  expect(inNamespace(host, ["cat", `/sys/class/net/${tap}/address`]).trim()).toBe("02:6c:65:65:61:01");
  for (const { pid } of await dnsmasqs()) {
    expect(readFileSync(`/proc/${pid}/status`, "utf8")).not.toMatch(/^Uid:\t0\t/m);
    expect(readlinkSync(`/proc/${pid}/ns/net`)).not.toBe(readlinkSync("/proc/self/ns/net"));
  }
});

test("what stands in the way is told with a command that mends it", async () => {
  const conflicts = await findNetworkConflicts(ctx);
  expect(conflicts.map(({ what }) => what)).toEqual([
    "the firewall's chain ip mine forward drops what it does not know, also what guests send and receive",
  ]);
  const listener = rig.talk(
    host,
    'require("net").createServer().listen(53, "0.0.0.0", () => console.log("listening"))',
  );
  await waitFor("a DNS server on every interface", () => listener.said().includes("listening"));
  inNamespace(host, ["ip", "link", "add", "leeatforeign", "type", "bridge"]);
  const more = (await findNetworkConflicts(ctx)).map(({ what }) => what);
  expect(more[1]).toMatch(/serves DNS over TCP \(port 53\) on every interface/);
  expect(more[2]).toContain("an interface leeatforeign");
  await expect(setHostNetwork(ctx, hostNetwork)).rejects.toMatchObject({ code: "NETWORK_CONFLICT" });
  listener.child.kill("SIGKILL");
  inNamespace(host, ["ip", "link", "delete", "leeatforeign"]);
  const mend = /`(.+)`/.exec(conflicts[0]?.mend ?? "")?.[1] ?? "";
  inNamespace(host, ["sh", "-c", mend]);
  expect(await findNetworkConflicts(ctx)).toEqual([]);
  inNamespace(host, ["nft", "flush", "chain", "ip", "mine", "forward"]);
});
