// A tap in a VLAN of a user's bridge, as commands: the test machine's kernel may have no VLAN filtering in its bridges.

import { hostPaths } from "../../../provider/agent/host-paths";
import { silentLog } from "../../../provider/agent/log";
import { setTap } from "../../../provider/agent/net/tap";
import type { System } from "../../../provider/agent/system/system";

/** A host with a bridge that filters VLANs, and a tap on it in these VLANs; it notes what it is told to do. */
function fakeHost(vlans: readonly number[]) {
  const told: string[] = [];
  const links: Record<string, object> = {
    br0: { ifname: "br0", mtu: 1500, flags: [], linkinfo: { info_kind: "bridge", info_data: { vlan_filtering: 1 } } },
    leeabserveraa0: { ifname: "leeabserveraa0", mtu: 1500, flags: [], master: "br0", linkinfo: { info_kind: "tun" } },
  };
  const answers = (line: string): string | undefined => {
    const device = /^ip -json -details link show dev (\S+)$/.exec(line)?.[1];
    if (device !== undefined) return JSON.stringify([links[device] ?? {}]);
    if (line.startsWith("bridge -json vlan show")) return JSON.stringify([{ vlans: vlans.map((vlan) => ({ vlan })) }]);
    return undefined;
  };
  const system: Pick<System, "run" | "readText" | "writeText"> = {
    run: async (argv) => {
      const line = argv.join(" ");
      const stdout = answers(line);
      if (stdout === undefined) told.push(line);
      return { exitCode: 0, stdout: stdout ?? "", stderr: "" };
    },
    readText: async (path) => (path.endsWith("/owner") ? "70001\n" : undefined),
    writeText: async () => undefined,
  };
  return { told, ctx: { system: system as System, paths: hostPaths(), log: silentLog } };
}

const nic = { kind: "bridge", tap: "leeabserveraa0", mac: "02:00:00:00:00:01", bridge: "br0" } as const;
const vlanCommands = (told: readonly string[]) => told.filter((line) => line.startsWith("bridge vlan"));

test("a tap leaves the bridge's default VLAN for the declared one, untagged towards the guest", async () => {
  const { told, ctx } = fakeHost([1]);
  await setTap(ctx, { nic: { ...nic, vlan: 30 }, nicIndex: 0, uid: 70001, mtu: 1420 });
  expect(vlanCommands(told)).toEqual([
    "bridge vlan delete dev leeabserveraa0 vid 1",
    "bridge vlan add dev leeabserveraa0 vid 30 pvid untagged",
  ]);
});

test("a tap that is in its VLAN is left alone", async () => {
  const { told, ctx } = fakeHost([30]);
  await setTap(ctx, { nic: { ...nic, vlan: 30 }, nicIndex: 0, uid: 70001, mtu: 1420 });
  expect(vlanCommands(told)).toEqual([]);
});

test("a tap whose VLAN is no longer declared goes back to the bridge's default", async () => {
  const { told, ctx } = fakeHost([30]);
  await setTap(ctx, { nic, nicIndex: 0, uid: 70001, mtu: 1420 });
  expect(vlanCommands(told)).toEqual([
    "bridge vlan delete dev leeabserveraa0 vid 30",
    "bridge vlan add dev leeabserveraa0 vid 1 pvid untagged",
  ]);
});
