// A VM's network on this host: its taps, their DHCP servers, its part of the packet filter. Made before the VM runs,
// the same on every host, and journalled first, so that whatever a crash leaves can be made again or removed.

import { LeeaError } from "../../model/errors";
import { parseIpv4Range } from "../../model/ipv4-range";
import { dhcpConfig } from "../../model/net/dnsmasq-config";
import { tapName } from "../../model/net/tap-name";
import type { NicSpec } from "../../model/vm-spec";
import type { AgentContext } from "../agent-context";
import { dnsmasqFiles, removeDnsmasq, setDnsmasq } from "./dnsmasq-daemon";
import { removeLink } from "./ip-command";
import {
  forgetVmNetwork,
  readHostNetwork,
  readVmNetwork,
  readVmNetworks,
  type VmNetworkRecord,
  type VmNic,
  writeVmNetwork,
} from "./net-journal";
import { withNetLock } from "./net-lock";
import { applyNetRules } from "./net-rules";
import { setTap } from "./tap";

/** What a VM's network is wanted to be. `macs` and `address` are the VM's pins; `mtu` is the mesh's; `uid` owns the taps. */
export interface VmNetwork {
  readonly vmId: string;
  readonly name: string;
  readonly uid: number;
  readonly nics: readonly NicSpec[];
  readonly macs: readonly string[];
  readonly mtu: number;
  readonly address?: string;
}

/**
 * Makes a VM's network and gives its taps in the order of `nics`. It is not announced by this.
 * Errors: NETWORK_CONFLICT (a bridge is missing), NOT_ALLOWED_NOW (a mesh NIC on a host in no mesh), CONFLICT (another VM's taps).
 */
export function setVmNetwork(ctx: AgentContext, wanted: VmNetwork): Promise<{ readonly taps: readonly string[] }> {
  return withNetLock(ctx, async () => {
    const nics = wanted.nics.map((nic, index) => nicOf(wanted, nic, index));
    const taps = nics.map((nic) => nic.tap);
    const known = await readVmNetwork(ctx, wanted.vmId);
    await checkTapsFree(ctx, wanted, taps);
    await makeVmNetwork(ctx, {
      vmId: wanted.vmId,
      uid: wanted.uid,
      mtu: wanted.mtu,
      hostName: wanted.name,
      nics,
      taps: [...new Set([...taps, ...(known?.taps ?? [])])],
      movedHere: known?.movedHere ?? false,
    });
    return { taps };
  });
}

/** Changes who may open connections to a VM; `nics` are its NICs as declared now. Nothing where it has no network here. */
export function setIngress(ctx: AgentContext, vmId: string, nics: readonly NicSpec[]): Promise<void> {
  return withNetLock(ctx, async () => {
    const record = await readVmNetwork(ctx, vmId);
    if (record === undefined) return;
    const changed = record.nics.map((nic, index) => {
      const declared = nics[index];
      return nic.kind === "mesh" && declared?.kind === "mesh" ? { ...nic, ingress: declared.ingress } : nic;
    });
    await writeVmNetwork(ctx, { ...record, nics: changed });
    await applyNetRules(ctx);
  });
}

/** Removes a VM's network; nothing where it has none. Its QEMU has ended before, and its address is withdrawn. */
export function removeVmNetwork(ctx: AgentContext, vmId: string): Promise<void> {
  return withNetLock(ctx, async () => {
    const record = await readVmNetwork(ctx, vmId);
    if (record !== undefined) await unmakeVmNetwork(ctx, record);
  });
}

/** The acts of `setVmNetwork`, for callers that hold the lock. */
async function makeVmNetwork(ctx: AgentContext, record: VmNetworkRecord): Promise<void> {
  await writeVmNetwork(ctx, record);
  await dropOldTaps(ctx, record);
  // Judged before it exists: a guest never sends a packet that no rule of its own was asked about.
  await applyNetRules(ctx);
  await raiseNics(ctx, record);
}

/** A VM's network as its journal has it, for a caller that holds the lock and whose packet filter judges every VM of the journal already. */
export async function restoreVmNetwork(ctx: AgentContext, record: VmNetworkRecord): Promise<void> {
  await dropOldTaps(ctx, record);
  await raiseNics(ctx, record);
}

async function dropOldTaps(ctx: AgentContext, { taps, nics }: VmNetworkRecord): Promise<void> {
  const kept = nics.map(({ tap }) => tap);
  for (const tap of taps.filter((name) => !kept.includes(name))) await removeTap(ctx, tap);
}

async function raiseNics(ctx: AgentContext, record: VmNetworkRecord): Promise<void> {
  for (const [nicIndex, nic] of record.nics.entries()) {
    await setTap(ctx, { nic, nicIndex, uid: record.uid, mtu: record.mtu });
    if (nic.kind === "mesh") await setDhcp(ctx, record, nic);
  }
  const kept = record.nics.map(({ tap }) => tap);
  if (kept.length < record.taps.length) await writeVmNetwork(ctx, { ...record, taps: kept });
}

/** The acts of `removeVmNetwork`, for callers that hold the lock. */
export async function unmakeVmNetwork(ctx: AgentContext, record: VmNetworkRecord): Promise<void> {
  for (const tap of record.taps) await removeTap(ctx, tap);
  await forgetVmNetwork(ctx, record.vmId);
  await applyNetRules(ctx);
}

async function removeTap(ctx: AgentContext, tap: string): Promise<void> {
  await removeDnsmasq(ctx, tap);
  await removeLink(ctx, tap);
}

async function setDhcp(ctx: AgentContext, record: VmNetworkRecord, nic: VmNic & { kind: "mesh" }): Promise<void> {
  const host = await readHostNetwork(ctx);
  const vmRange = parseIpv4Range(host?.wanted.parameters.vmRange ?? "");
  if ("problem" in vmRange) {
    throw new LeeaError({
      code: "NOT_ALLOWED_NOW",
      message: `Unable to connect VM "${record.hostName}" to the mesh: this host is in none`,
      hint: "Create the host's MeshNode first.",
    });
  }
  const { leaseFile, pidFile } = dnsmasqFiles(ctx, nic.tap);
  const { tap, mac, address } = nic;
  const config = dhcpConfig({
    tap,
    mac,
    address,
    vmRange,
    mtu: record.mtu,
    hostName: record.hostName,
    leaseFile,
    pidFile,
  });
  await setDnsmasq(ctx, { name: tap, config });
}

function nicOf(wanted: VmNetwork, nic: NicSpec, index: number): VmNic {
  const tap = tapName(nic.kind, wanted.vmId, index);
  const mac = wanted.macs[index];
  if (mac === undefined || !/^[0-9a-f]{2}(:[0-9a-f]{2}){5}$/.test(mac))
    throw unpinned(wanted, `a MAC for nics[${index}]`);
  if (nic.kind === "bridge") {
    return { kind: "bridge", tap, mac, bridge: nic.bridge, ...(nic.vlan === undefined ? {} : { vlan: nic.vlan }) };
  }
  if (wanted.address === undefined) throw unpinned(wanted, `an address for nics[${index}]`);
  return { kind: "mesh", tap, mac, address: wanted.address, ingress: nic.ingress };
}

function unpinned(wanted: VmNetwork, what: string): LeeaError {
  return new LeeaError({
    code: "INTERNAL",
    message: `Unable to make the network of VM "${wanted.name}": it was born without ${what}`,
    hint: "This is a defect in leea; report it with this message.",
  });
}

/** Names hold 8 characters of the id: two VMs of one host could share them, once in a million million. */
async function checkTapsFree(ctx: AgentContext, wanted: VmNetwork, taps: readonly string[]): Promise<void> {
  const others = (await readVmNetworks(ctx)).filter((record) => record.vmId !== wanted.vmId);
  const holder = others.find((record) => record.taps.some((tap) => taps.includes(tap)));
  if (holder === undefined) return;
  throw new LeeaError({
    code: "CONFLICT",
    message: `Unable to make the network of VM "${wanted.name}": VM ${holder.vmId} has interfaces of the same name`,
    hint: "Give the VM another logical name, or put it on another host.",
  });
}
