// Plugs the lab's cables: each is a veth pair whose ends are born in the namespaces they belong to. Only one
// interface ever exists on the machine itself, and it carries the lab's number.

import { existsSync } from "node:fs";
import type { LabHost } from "./lab-record";
import { uplinkInterface } from "./machine/lab-slot";
import type { ProcessIdentity } from "./machine/process-identity";
import { runCommand, tryCommand } from "./machine/run-command";

/** The lab's two segments, by their first processes. */
export interface LabSegments {
  readonly inet: ProcessIdentity;
  readonly lan: ProcessIdentity;
}

/** The host's address on the uplink: 198.18.SLOT.11 for the first host, and so on. */
export function hostAddress(slot: number, index: number): string {
  return `198.18.${slot}.${index + 11}`;
}

/** The fake internet's address on the uplink, every host's default gateway. */
export function gatewayAddress(slot: number): string {
  return `198.18.${slot}.1`;
}

/** True while this machine has its own interface into the lab. */
export function hasMachineCable(slot: number): boolean {
  return existsSync(`/sys/class/net/${uplinkInterface(slot)}`);
}

/** Connects this machine (198.18.SLOT.254) to the uplink segment, replacing an older cable. */
export async function plugMachine(slot: number, inet: ProcessIdentity): Promise<void> {
  await unplugMachine(slot);
  const name = uplinkInterface(slot);
  await runBatch([
    `link add name ${name} type veth peer name machine netns ${inet.pid}`,
    `address add 198.18.${slot}.254/24 dev ${name}`,
    `link set ${name} up`,
  ]);
}

/** Removes this machine's cable; none is fine. */
export async function unplugMachine(slot: number): Promise<void> {
  if (hasMachineCable(slot)) await tryCommand(["ip", "link", "delete", uplinkInterface(slot)]);
}

/** Gives a host that waits for it `eth0` on the uplink and `lan0` on the LAN, replacing the ports of an earlier boot. */
export async function plugHost(host: LabHost, process: ProcessIdentity, segments: LabSegments): Promise<void> {
  const port = `to-${host.name}`;
  await removePort(segments.inet, port);
  await removePort(segments.lan, port);
  const [uplink, lan] = hardwareAddresses(host);
  await runBatch([
    `link add name eth0 address ${uplink} netns ${process.pid} type veth peer name ${port} netns ${segments.inet.pid}`,
    `link add name lan0 address ${lan} netns ${process.pid} type veth peer name ${port} netns ${segments.lan.pid}`,
  ]);
  await runBatch([`link set ${port} master uplink up`], segments.inet);
  await runBatch([`link set ${port} master lan up`], segments.lan);
}

/** A host keeps its network cards over its boots, so nobody's neighbour table goes stale. Locally administered. */
function hardwareAddresses(host: LabHost): [string, string] {
  const bytes = host.address
    .split(".")
    .slice(2)
    .map((part) => Number(part).toString(16).padStart(2, "0"));
  return [`02:1e:ea:00:${bytes.join(":")}`, `02:1e:ea:01:${bytes.join(":")}`];
}

/** A dead host's cable goes away some time after its namespace; its name must be free at once. */
async function removePort(segment: ProcessIdentity, port: string): Promise<void> {
  await tryCommand([...inNetworkOf(segment), "ip", "link", "delete", port]);
}

async function runBatch(lines: readonly string[], segment?: ProcessIdentity): Promise<void> {
  const prefix = segment === undefined ? [] : inNetworkOf(segment);
  await runCommand([...prefix, "ip", "-batch", "-"], `${lines.join("\n")}\n`);
}

function inNetworkOf(segment: ProcessIdentity): string[] {
  return ["nsenter", `--net=/proc/${segment.pid}/ns/net`, "--"];
}
