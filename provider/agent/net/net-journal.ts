// What the agent made of the host's network, written and synced before it is made, so that it can be made again or undone
// after a crash at any point. Under state/net: host.json, vm-<vmId>.json. Under run/net: what a boot may lose.

import type { IngressRule } from "../../model/vm-spec";
import type { MeshParameters } from "../../protocol/node";
import type { AgentContext } from "../agent-context";

/** What a host's network is wanted to be. Addresses bare. */
export interface HostNetwork {
  readonly parameters: MeshParameters;
  readonly meshAddress: string;
  readonly meshAddress6: string;
}

/** The host's network and the kernel settings that stood before it, by their paths under /proc/sys. */
export interface HostNetworkRecord {
  readonly wanted: HostNetwork;
  readonly settingsBefore: Readonly<Record<string, string>>;
}

/** A NIC of a VM on this host. */
export type VmNic =
  | {
      readonly kind: "mesh";
      readonly tap: string;
      readonly mac: string;
      readonly address: string;
      readonly ingress: readonly IngressRule[];
    }
  | {
      readonly kind: "bridge";
      readonly tap: string;
      readonly mac: string;
      readonly bridge: string;
      readonly vlan?: number;
    };

/** A VM's network on this host. `taps` holds every tap that may exist, also one that is to go. */
export interface VmNetworkRecord {
  readonly vmId: string;
  readonly uid: number;
  readonly mtu: number;
  readonly hostName: string;
  readonly nics: readonly VmNic[];
  readonly taps: readonly string[];
  /** It came by a move: this host never saw its connections begin. */
  readonly movedHere: boolean;
}

/** A guest that arrived, until when (milliseconds since 1970) its UDP is let through. */
export interface MovedIn {
  readonly address: string;
  readonly untilMs: number;
}

/** A move whose streams come straight to an address of this host's own. `ports`: memory, disks. */
export interface StraightMove {
  readonly moveId: string;
  /** Who alone may come. */
  readonly source: string;
  readonly address: string;
  readonly ports: readonly [number, number];
}

/** The host's record; undefined before `setHostNetwork` and after `removeHostNetwork`. */
export function readHostNetwork(ctx: AgentContext): Promise<HostNetworkRecord | undefined> {
  return readJson(ctx, hostFile(ctx));
}

/** Writes and syncs the host's record. */
export async function writeHostNetwork(ctx: AgentContext, record: HostNetworkRecord): Promise<void> {
  await keep(ctx, hostFile(ctx), JSON.stringify(record));
}

/** Every VM's record on this host, by VM id. */
export async function readVmNetworks(ctx: AgentContext): Promise<readonly VmNetworkRecord[]> {
  const names = (await ctx.system.list(journalFolder(ctx))).filter((name) => /^vm-[a-z0-9]+\.json$/.test(name));
  const records = await Promise.all(
    [...names].sort().map((name) => readJson<VmNetworkRecord>(ctx, `${journalFolder(ctx)}/${name}`)),
  );
  return records.filter((record) => record !== undefined);
}

/** One VM's record; undefined where it has no network here. */
export function readVmNetwork(ctx: AgentContext, vmId: string): Promise<VmNetworkRecord | undefined> {
  return readJson(ctx, vmFile(ctx, vmId));
}

/** Writes and syncs a VM's record. */
export async function writeVmNetwork(ctx: AgentContext, record: VmNetworkRecord): Promise<void> {
  await keep(ctx, vmFile(ctx, record.vmId), JSON.stringify(record));
}

/** Forgets a VM's network: the last act of removing it. */
export async function forgetVmNetwork(ctx: AgentContext, vmId: string): Promise<void> {
  await ctx.system.remove(vmFile(ctx, vmId));
}

/** Forgets the whole network of the host: the last act of removing it. */
export async function forgetHostNetwork(ctx: AgentContext): Promise<void> {
  await ctx.system.remove(runFolder(ctx));
  await ctx.system.remove(journalFolder(ctx));
}

/** Guests that arrived and whose time is not over. */
export async function readMovedIn(ctx: AgentContext): Promise<readonly MovedIn[]> {
  const nowMs = ctx.system.nowMs();
  const all = (await readJson<readonly MovedIn[]>(ctx, movedInFile(ctx))) ?? [];
  return all.filter((one) => one.untilMs > nowMs);
}

/** Keeps the guests that arrived. */
export async function writeMovedIn(ctx: AgentContext, movedIn: readonly MovedIn[]): Promise<void> {
  await ctx.system.writeText(movedInFile(ctx), JSON.stringify(movedIn));
}

/** Moves whose streams come straight. */
export async function readStraightMoves(ctx: AgentContext): Promise<readonly StraightMove[]> {
  return (await readJson<readonly StraightMove[]>(ctx, straightFile(ctx))) ?? [];
}

/** Keeps them. */
export async function writeStraightMoves(ctx: AgentContext, moves: readonly StraightMove[]): Promise<void> {
  await ctx.system.writeText(straightFile(ctx), JSON.stringify(moves));
}

/** Folder of sockets, configurations and marks that a boot may lose. */
export function runFolder(ctx: AgentContext): string {
  return `${ctx.paths.run}/net`;
}

function journalFolder(ctx: AgentContext): string {
  return `${ctx.paths.state}/net`;
}

function hostFile(ctx: AgentContext): string {
  return `${journalFolder(ctx)}/host.json`;
}

function vmFile(ctx: AgentContext, vmId: string): string {
  return `${journalFolder(ctx)}/vm-${vmId}.json`;
}

function movedInFile(ctx: AgentContext): string {
  return `${runFolder(ctx)}/moved-in.json`;
}

function straightFile(ctx: AgentContext): string {
  return `${runFolder(ctx)}/straight-moves.json`;
}

async function readJson<T>(ctx: AgentContext, path: string): Promise<T | undefined> {
  const text = await ctx.system.readText(path);
  return text === undefined || text === "" ? undefined : (JSON.parse(text) as T);
}

/** What stands there already is not written again: an agent must start on a host whose disk is full. */
async function keep(ctx: AgentContext, path: string, text: string): Promise<void> {
  if ((await ctx.system.readText(path)) !== text) await ctx.system.writeDurable(path, text);
}
