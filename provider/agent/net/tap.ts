// A VM's tap: persistent, owned by the VM's user, in the mesh or on a bridge of the user's. A tap that is right is left
// alone, as a running QEMU holds it. A user's bridge keeps its MAC, its MTU and its own VLAN settings.

import { LeeaError } from "../../model/errors";
import { gatewayAddress, gatewayMac } from "../../model/net/gateway";
import type { AgentContext } from "../agent-context";
import { findLink, removeLink, runIp, runIpBatch } from "./ip-command";
import { setInterfaceSettings } from "./kernel-settings";
import type { VmNic } from "./net-journal";

/** A NIC, with its place among the VM's NICs: errors name the field that declared it. */
export interface TapWanted {
  readonly nic: VmNic;
  readonly nicIndex: number;
  readonly uid: number;
  readonly mtu: number;
}

const feedLimitMs = 500;

/** Makes a NIC's tap. Error: NETWORK_CONFLICT (no such bridge, or one that does not filter VLANs). */
export async function setTap(ctx: AgentContext, wanted: TapWanted): Promise<void> {
  if (wanted.nic.kind === "mesh") await setMeshTap(ctx, wanted, wanted.nic);
  else await setBridgeTap(ctx, wanted, wanted.nic);
}

async function setMeshTap(ctx: AgentContext, wanted: TapWanted, nic: VmNic & { kind: "mesh" }): Promise<void> {
  await makeTap(ctx, nic.tap, wanted.uid);
  await setInterfaceSettings(ctx, nic.tap, "tap");
  const device = ["dev", nic.tap];
  await runIpBatch(ctx, [
    ["link", "set", ...device, "address", gatewayMac, "mtu", String(wanted.mtu)],
    ["link", "set", ...device, "up"],
    ["address", "replace", `${gatewayAddress}/32`, ...device, "scope", "link"],
    // Never asked for: a guest that stands still for a move must not be given up on.
    ["neighbour", "replace", nic.address, "lladdr", nic.mac, ...device, "nud", "permanent"],
  ]);
}

/**
 * A QEMU that waits for a move takes one packet from its tap before its network device is loaded, and the guest later
 * finds it malformed. This gives it one that nobody misses: the kernel's own ARP probe for the guest (ip-neighbour(8)).
 */
export async function feedWaitingTap(ctx: AgentContext, nic: VmNic & { kind: "mesh" }): Promise<void> {
  const neighbour = ["neighbour", "replace", nic.address, "lladdr", nic.mac, "dev", nic.tap, "nud"];
  const countSent = (): Promise<string | undefined> =>
    ctx.system.readText(`/sys/class/net/${nic.tap}/statistics/tx_packets`);
  const before = await countSent();
  await runIp(ctx, [...neighbour, "probe"]);
  const deadline = ctx.system.nowMs() + feedLimitMs;
  while ((await countSent()) === before && ctx.system.nowMs() < deadline)
    await new Promise((wake) => setTimeout(wake, 10));
  await runIp(ctx, [...neighbour, "permanent"]);
}

async function setBridgeTap(ctx: AgentContext, wanted: TapWanted, nic: VmNic & { kind: "bridge" }): Promise<void> {
  const bridge = await checkBridge(ctx, wanted, nic);
  await makeTap(ctx, nic.tap, wanted.uid);
  await setInterfaceSettings(ctx, nic.tap, "bridge-tap");
  const device = ["dev", nic.tap];
  // A bridge takes the lowest MAC and the smallest MTU of its ports: ours must be neither.
  const hostMac = `fe${nic.mac.slice(2)}`;
  await runIp(ctx, ["link", "set", ...device, "address", hostMac, "mtu", bridge.mtu]);
  if ((await findLink(ctx, nic.tap))?.master !== nic.bridge) {
    await runIp(ctx, ["link", "set", ...device, "master", nic.bridge]);
  }
  if (bridge.filtersVlans) await setVlan(ctx, nic);
  await runIp(ctx, ["link", "set", ...device, "up"]);
}

async function makeTap(ctx: AgentContext, tap: string, uid: number): Promise<void> {
  const present = await findLink(ctx, tap);
  if (present !== undefined) {
    const owner = ((await ctx.system.readText(`/sys/class/net/${tap}/owner`)) ?? "").trim();
    if (present.linkinfo?.info_kind === "tun" && owner === String(uid)) return;
    await removeLink(ctx, tap);
  }
  await runIp(ctx, ["tuntap", "add", "dev", tap, "mode", "tap", "user", String(uid)]);
}

async function checkBridge(
  ctx: AgentContext,
  wanted: TapWanted,
  nic: VmNic & { kind: "bridge" },
): Promise<{ readonly mtu: string; readonly filtersVlans: boolean }> {
  const field = `nics[${wanted.nicIndex}]`;
  const bridge = await findLink(ctx, nic.bridge);
  if (bridge?.linkinfo?.info_kind !== "bridge") {
    throw new LeeaError({
      code: "NETWORK_CONFLICT",
      message: `${field}.bridge: the host has no bridge "${nic.bridge}"`,
      hint: `Make the bridge on the host (\`ip link add ${nic.bridge} type bridge\`), or name one that exists there.`,
      details: { field: `${field}.bridge`, bridge: nic.bridge },
    });
  }
  const filtersVlans = bridge.linkinfo.info_data?.["vlan_filtering"] === 1;
  if (nic.vlan !== undefined && !filtersVlans) {
    throw new LeeaError({
      code: "NETWORK_CONFLICT",
      message: `${field}.vlan: the bridge "${nic.bridge}" does not filter VLANs`,
      hint: `Switch it on if the bridge's other ports allow it: \`ip link set ${nic.bridge} type bridge vlan_filtering 1\`.`,
      details: { field: `${field}.vlan`, bridge: nic.bridge },
    });
  }
  return { mtu: String(bridge.mtu), filtersVlans };
}

/** Untagged towards the guest, in one VLAN only (1 where none was asked for). Which VLANs leave by the bridge's uplink is the user's to say. */
async function setVlan(ctx: AgentContext, nic: VmNic & { kind: "bridge" }): Promise<void> {
  const wanted = nic.vlan ?? 1;
  const present = await readVlans(ctx, nic.tap);
  for (const vlan of present.filter((one) => one !== wanted)) {
    await ctx.system.run(["bridge", "vlan", "delete", "dev", nic.tap, "vid", String(vlan)]);
  }
  if (present.includes(wanted)) return;
  await ctx.system.run(["bridge", "vlan", "add", "dev", nic.tap, "vid", String(wanted), "pvid", "untagged"]);
}

async function readVlans(ctx: AgentContext, tap: string): Promise<readonly number[]> {
  const { stdout } = await ctx.system.run(["bridge", "-json", "vlan", "show", "dev", tap]);
  const entries = (stdout.trim() === "" ? [] : JSON.parse(stdout)) as readonly {
    vlans?: readonly { vlan: number }[];
  }[];
  return entries.flatMap((entry) => entry.vlans ?? []).map(({ vlan }) => vlan);
}
