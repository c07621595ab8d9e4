// Puts the packet filter in place from the journal: always the whole table in one transaction, so that what is judged
// never depends on the order of earlier changes.

import { type FilteredGuest, nftablesRules, nftablesTable } from "../../model/net/nftables-rules";
import { movePortBase, movePortCount, peerPort } from "../../protocol/peer";
import type { AgentContext } from "../agent-context";
import { type IpRoute, showIp } from "./ip-command";
import {
  readHostNetwork,
  readMovedIn,
  readStraightMoves,
  readVmNetworks,
  runFolder,
  type VmNetworkRecord,
} from "./net-journal";

/** UDP port of the hand-over tunnel on mesh addresses (VXLAN-GPE, IANA). */
export const handOverPort = 4790;

/**
 * Applies the rules that the journal asks for; nothing where the host is in no mesh, or where they are in place. What was
 * applied is kept in a file, as the kernel's own listing is in other words than ours. Error: COMMAND_FAILED.
 */
export async function applyNetRules(ctx: AgentContext): Promise<void> {
  const host = await readHostNetwork(ctx);
  if (host === undefined) return;
  const { parameters, meshAddress, meshAddress6 } = host.wanted;
  const nowMs = ctx.system.nowMs();
  const text = nftablesRules({
    nodeRange: parameters.nodeRange,
    vmRange: parameters.vmRange,
    range6: parameters.range6,
    meshAddress,
    meshAddress6,
    peerPorts: [
      { first: peerPort, last: peerPort },
      { first: movePortBase, last: movePortBase + movePortCount - 1 },
    ],
    handOverPort,
    uplinks: await findUplinks(ctx),
    guests: (await readVmNetworks(ctx)).flatMap(guestsOf),
    straightMoves: await readStraightMoves(ctx),
    movedIn: (await readMovedIn(ctx)).map(({ address, untilMs }) => ({
      address,
      secondsLeft: Math.max(1, Math.ceil((untilMs - nowMs) / 1000)),
    })),
  });
  const appliedFile = `${runFolder(ctx)}/rules.nft`;
  if ((await ctx.system.readText(appliedFile)) === text && (await hasNetRules(ctx))) return;
  await ctx.system.remove(appliedFile);
  await ctx.system.run(["nft", "-f", "-"], { input: text });
  await ctx.system.writeText(appliedFile, text);
}

/** Removes the table; nothing where there is none. */
export async function removeNetRules(ctx: AgentContext): Promise<void> {
  const table = nftablesTable.join(" ");
  await ctx.system.run(["nft", "-f", "-"], { input: `table ${table}\ndelete table ${table}\n` });
}

/** True where the table is in place: `nft flush ruleset`, which other software runs, takes it away. */
async function hasNetRules(ctx: AgentContext): Promise<boolean> {
  const { exitCode } = await ctx.system.run(["nft", "list", "chain", ...nftablesTable, "to_guest"], {
    acceptExitCodes: [0, 1],
  });
  return exitCode === 0;
}

/** Devices of the main table's IPv4 default routes. A name with other characters is not one that nft text should hold. */
async function findUplinks(ctx: AgentContext): Promise<readonly string[]> {
  const routes = await showIp<IpRoute>(ctx, ["-4", "route", "show", "default"]);
  const devices = routes.flatMap((route) => [route, ...(route.nexthops ?? [])].flatMap(({ dev }) => dev ?? []));
  const sound = devices.filter((name) => /^[\w.@-]+$/.test(name));
  return [...new Set(sound)].sort((one, other) => one.localeCompare(other));
}

function guestsOf(record: VmNetworkRecord): readonly FilteredGuest[] {
  return record.nics.flatMap((nic) =>
    nic.kind === "mesh"
      ? [{ tap: nic.tap, mac: nic.mac, address: nic.address, ingress: nic.ingress, movedHere: record.movedHere }]
      : [],
  );
}
