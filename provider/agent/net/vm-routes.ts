// A VM's /32 on this host: announced to the mesh while it runs here, handed over while it moves, withdrawn after. Each is
// one or two calls of ip(8), 3 to 10 ms: some are made while a guest stands still.
//
//   move:  destination receiveVm → pause → source handOverVm → resume there → destination announceVm → source, 5 s
//          later, withdrawVm → 3.5 s later endHandOver; destination endReceiving
//   back:  source endHandOver → destination giveVmBack → 5 s later, at the destination, endHandOver.   Never both hand over to each other.

import { announcedRouteProtocol } from "../../model/bird-config";
import { LeeaError } from "../../model/errors";
import { handOverDeviceName } from "../../model/net/tap-name";
import type { AgentContext } from "../agent-context";
import { runIp } from "./ip-command";
import {
  readHostNetwork,
  readMovedIn,
  readVmNetwork,
  readVmNetworks,
  runFolder,
  writeMovedIn,
  writeVmNetwork,
} from "./net-journal";
import { withNetLock } from "./net-lock";
import { applyNetRules } from "./net-rules";
import { feedWaitingTap } from "./tap";

/** Routing table of hand-overs, looked up before main. BIRD never sees it: it would ignore what a tunnel's route says. */
export const handOverTable = "201";
/** Routing table of what a destination takes from a source before it announces; reached by a rule a move. */
export const receiveTable = "202";
/** Preference of those rules: before the hand-over table, so that two moves at once never send to each other. */
export const receivePreference = "99";
const announced = ["proto", String(announcedRouteProtocol)];
/** Numbers the tunnel's packets; both ends are ours and need only agree on anything. */
const tunnelId = "7";
const movedInMs = 60_000;
const longestMoveMs = 24 * 3_600_000;
/** Exit code of ip(8) for a route that is not there. */
const noSuchRoute = 2;

/** Where a VM's packets are to go. `linkInterface`: our link to that host, where it is a neighbour; else the tunnel takes them. */
export interface HandOver {
  readonly address: string;
  readonly destinationMeshAddress: string;
  readonly ownMeshAddress: string;
  readonly linkInterface?: string;
}

/** Whose packets a destination takes: those of the link to the source, where it is a neighbour; else those of the tunnel. */
export interface Receiving {
  readonly address: string;
  readonly linkInterface?: string;
}

/** Announces a VM that has its network here: its packets go to its tap, which queues them until it runs. Error: NOT_FOUND. */
export async function announceVm(ctx: AgentContext, { vmId }: { readonly vmId: string }): Promise<void> {
  const nic = (await readVmNetwork(ctx, vmId))?.nics.find((one) => one.kind === "mesh");
  if (nic?.kind !== "mesh") {
    throw new LeeaError({
      code: "NOT_FOUND",
      message: `VM ${vmId} has no interface in the mesh on this host`,
      hint: "Its network is made before it is announced; this is a defect in leea.",
    });
  }
  await noteAnnounced(ctx, vmId, nic.address);
  // The mesh address as source: a connection of this host's to the VM then survives the VM's move to another.
  const host = await readHostNetwork(ctx);
  const source = host === undefined ? [] : ["src", host.wanted.meshAddress];
  await runIp(ctx, ["route", "replace", `${nic.address}/32`, "dev", nic.tap, ...announced, ...source]);
}

/** Keeps a stopped VM's address taken: it is announced, and what is sent to it vanishes. */
export async function announceStoppedVm(
  ctx: AgentContext,
  { vmId, address }: { readonly vmId: string; readonly address: string },
): Promise<void> {
  await noteAnnounced(ctx, vmId, address);
  await runIp(ctx, ["route", "replace", "blackhole", `${address}/32`, ...announced]);
}

/** True while this host announces the VM, running or stopped. */
export async function isAnnounced(ctx: AgentContext, vmId: string): Promise<boolean> {
  return ctx.system.exists(announcedFile(ctx, vmId));
}

/** Withdraws a VM's address, running or stopped; nothing where it is not announced. */
export async function withdrawVm(ctx: AgentContext, { vmId }: { readonly vmId: string }): Promise<void> {
  const address = await ctx.system.readText(announcedFile(ctx, vmId));
  if (address === undefined || address === "") return;
  await runIp(ctx, ["route", "delete", `${address}/32`, ...announced], [noSuchRoute]);
  await ctx.system.remove(announcedFile(ctx, vmId));
}

/** A hand-over whose process stands ready, so that the outage holds no start of a program. One of the two is called. */
export interface ReadyHandOver {
  /** Makes it. Error: COMMAND_FAILED (no tunnel on this kernel). */
  go(): Promise<void>;
  /** Lets the process end without an act; nothing after `go`. */
  drop(): void;
}

/** Starts what will make the hand-over, and makes it wait. */
export function readyHandOver(ctx: AgentContext, to: HandOver): ReadyHandOver {
  let feed: (text: string) => void = () => undefined;
  const inputLater = new Promise<string>((resolve) => {
    feed = resolve;
  });
  const done = ctx.system.run(["ip", "-batch", "-"], { inputLater, timeoutMs: longestMoveMs });
  done.catch(() => undefined); // told to whoever calls `go`
  return {
    async go() {
      feed(`${handOverRoute(to).join(" ")}\n`);
      await done;
    },
    drop: () => feed(""),
  };
}

/** Sends a VM's packets on to the host that takes it, at once and whatever the mesh still believes. Error: COMMAND_FAILED (no tunnel on this kernel). */
export async function handOverVm(ctx: AgentContext, to: HandOver): Promise<void> {
  await runIp(ctx, handOverRoute(to));
}

function handOverRoute(to: HandOver): readonly string[] {
  const way =
    to.linkInterface === undefined
      ? [
          "encap",
          "ip",
          "id",
          tunnelId,
          "src",
          to.ownMeshAddress,
          "dst",
          to.destinationMeshAddress,
          "dev",
          handOverDeviceName,
        ]
      : ["via", to.destinationMeshAddress, "dev", to.linkInterface, "onlink"];
  return ["route", "replace", `${to.address}/32`, ...way, "table", handOverTable];
}

/**
 * At a destination, before the guest stands still: what the source sends on for the VM goes to its tap, which queues it,
 * and only that. Everyone else's packets still go to the source, so none can go back and forth between the two.
 */
export async function receiveVm(ctx: AgentContext, vmId: string, from: Receiving): Promise<void> {
  const nic = (await readVmNetwork(ctx, vmId))?.nics.find((one) => one.kind === "mesh");
  if (nic?.kind !== "mesh") return;
  await feedWaitingTap(ctx, nic);
  await endReceiving(ctx, from);
  await runIp(ctx, ["route", "replace", `${from.address}/32`, "dev", nic.tap, "table", receiveTable]);
  await runIp(ctx, ["rule", "add", ...receiveRule(from)]);
}

/** Ends it: the VM is announced from here, or was given up. Nothing where there is none. */
export async function endReceiving(ctx: AgentContext, from: Receiving): Promise<void> {
  await runIp(ctx, ["rule", "delete", ...receiveRule(from)], [noSuchRoute]);
  await runIp(ctx, ["route", "delete", `${from.address}/32`, "table", receiveTable], [noSuchRoute]);
}

function receiveRule(from: Receiving): readonly string[] {
  return [
    "pref",
    receivePreference,
    "iif",
    from.linkInterface ?? handOverDeviceName,
    "to",
    `${from.address}/32`,
    "lookup",
    receiveTable,
  ];
}

/** Ends a hand-over; nothing where there is none. */
export async function endHandOver(ctx: AgentContext, { address }: { readonly address: string }): Promise<void> {
  await runIp(ctx, ["route", "delete", `${address}/32`, "table", handOverTable], [noSuchRoute]);
}

/** At a destination that gives up: packets go back to the source, then the announcement ends. The source has ended its own hand-over before. */
export async function giveVmBack(ctx: AgentContext, vmId: string, to: HandOver): Promise<void> {
  await handOverVm(ctx, to);
  await withdrawVm(ctx, { vmId });
}

/**
 * Says that a guest came here by a move: from now on its connections, which this host never saw begin, are let through, and
 * for 60 s its UDP. Call before its packets arrive, and again when it runs.
 */
export function markMovedIn(ctx: AgentContext, { address }: { readonly address: string }): Promise<void> {
  return withNetLock(ctx, async () => {
    const record = (await readVmNetworks(ctx)).find(({ nics }) =>
      nics.some((nic) => nic.kind === "mesh" && nic.address === address),
    );
    if (record !== undefined && !record.movedHere) await writeVmNetwork(ctx, { ...record, movedHere: true });
    const others = (await readMovedIn(ctx)).filter((one) => one.address !== address);
    await writeMovedIn(ctx, [...others, { address, untilMs: ctx.system.nowMs() + movedInMs }]);
    await applyNetRules(ctx);
  });
}

/** Routes do not outlive a boot, so neither does the note of them. */
async function noteAnnounced(ctx: AgentContext, vmId: string, address: string): Promise<void> {
  await ctx.system.writeText(announcedFile(ctx, vmId), address);
}

function announcedFile(ctx: AgentContext, vmId: string): string {
  return `${runFolder(ctx)}/announced/${vmId}`;
}
