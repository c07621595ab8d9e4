// What on this host would break the mesh or be broken by it, each with its mend. It only looks; it changes nothing.

import { linkNamePrefix } from "../../../model/bird-config";
import { isLeeaError } from "../../../model/errors";
import { parseIpv4Range, rangesOverlap } from "../../../model/ipv4-range";
import { type FilterConflict, findFilterConflicts } from "../../../model/mesh/filter-conflicts";
import type { CheckMeshRequest } from "../../../protocol/node";
import { peerPort } from "../../../protocol/peer";
import type { AgentContext } from "../../agent-context";
import { findNetworkConflicts } from "../../net/network-conflicts";
import { type MeshState, readMeshState } from "../mesh-state";
import { listPortsInUse } from "./list-ports-in-use";
import { type HostRoute, listRoutes } from "./list-routes";

/** One conflict: `what` is a clause such as `the route …`, `mend` the user's next step. */
export interface Conflict {
  readonly what: string;
  readonly mend: string;
}

/** The ranges and ports of a mesh that a host may come to be in. */
export type MeshPlan = CheckMeshRequest;

/**
 * Every conflict of a host with its mesh; of a host in none, those with the mesh that is planned, or without a plan those that need
 * none to see. A check whose program is missing is left out.
 */
export async function findMeshConflicts(ctx: AgentContext, plan?: MeshPlan): Promise<readonly Conflict[]> {
  const state = await readMeshState(ctx);
  const [wanted, ownState] = state === undefined ? [plan, []] : [planOf(state), [findLinkPortConflicts(ctx, state)]];
  const checks = [
    ...(state === undefined ? [findPeerPortConflict(ctx)] : ownState),
    ...(wanted === undefined ? [] : [findRangeConflicts(ctx, wanted)]),
  ];
  const filters = wanted === undefined ? [] : await withoutMissing(readFilterConflicts(ctx, wanted));
  // Both judge chains that drop: told once, by the one that also knows the links' ports.
  const others = (await findNetworkConflicts(ctx)).filter(
    ({ chain }) => chain === undefined || !filters.some((filter) => filter.chain === chain),
  );
  const found = [...(await Promise.all(checks.map(withoutMissing))).flat(), ...filters, ...others];
  return found.map(({ what, mend }) => ({ what, mend }));
}

function planOf({ parameters, endpoint }: MeshState): MeshPlan {
  const { nodeRange, vmRange } = parameters;
  return { nodeRange, vmRange, portBase: endpoint.portBase, portCount: endpoint.portCount };
}

/** A host before its set-up lacks programs; its report says so elsewhere. */
async function withoutMissing<T extends Conflict>(check: Promise<readonly T[]>): Promise<readonly T[]> {
  try {
    return await check;
  } catch (error) {
    if (isLeeaError(error, "PACKAGES_MISSING")) return [];
    throw error;
  }
}

async function readFilterConflicts(ctx: AgentContext, plan: MeshPlan): Promise<readonly FilterConflict[]> {
  const { portBase, portCount } = plan;
  const { exitCode, stdout } = await ctx.system.run(["nft", "-j", "list", "ruleset"], { acceptExitCodes: [0, 1] });
  return exitCode === 0 ? findFilterConflicts(stdout, { first: portBase, last: portBase + portCount - 1 }) : [];
}

/** Routes of the host's main table, not our own, that overlap the ranges of the mesh. A default route overlaps nothing. */
export async function findRangeConflicts(
  ctx: AgentContext,
  ranges: { readonly nodeRange: string; readonly vmRange: string },
): Promise<readonly Conflict[]> {
  const conflicts: Conflict[] = [];
  const foreign = (await listRoutes(ctx)).filter((route) => !isOurs(route));
  for (const text of [ranges.nodeRange, ranges.vmRange]) {
    const range = parseIpv4Range(text);
    for (const route of foreign) {
      const other = parseIpv4Range(route.destination);
      if ("problem" in range || "problem" in other || !rangesOverlap(range, other)) continue;
      const way = route.device === undefined ? "" : ` on ${route.device}`;
      conflicts.push({
        what: `the host has the route ${route.destination}${way}, which overlaps the mesh's range ${text}`,
        mend: `Found the mesh with another range than ${text}, or take the route ${route.destination} off the host.`,
      });
    }
  }
  return conflicts;
}

/** Our links, our own device, our taps, and the guards, which are routes to nowhere. */
function isOurs(route: HostRoute): boolean {
  if (route.device === undefined) return route.type === "unreachable" || route.type === "blackhole";
  return route.device.startsWith("leea") || route.device.startsWith(linkNamePrefix);
}

/** The agent's port counts only while we are in no mesh: afterwards it is our own server that has it. */
async function findPeerPortConflict(ctx: AgentContext): Promise<readonly Conflict[]> {
  if (!(await listPortsInUse(ctx, "tcp")).has(peerPort)) return [];
  const what = `something on the host listens on TCP port ${peerPort}, which leea's agents use on mesh addresses`;
  return [
    {
      what,
      mend: `Let the other program listen elsewhere, or not on all addresses (\`ss -ltnp sport = ${peerPort}\` names it).`,
    },
  ];
}

/** A port of a link that something else holds while the link's interface is down or gone. */
async function findLinkPortConflicts(ctx: AgentContext, state: MeshState): Promise<readonly Conflict[]> {
  const inUse = await listPortsInUse(ctx, "udp");
  const interfaces = new Set(await ctx.system.list("/sys/class/net"));
  return state.links
    .filter((link) => inUse.has(link.listenPort) && !interfaces.has(link.interfaceName))
    .map((link) => ({
      what: `something on the host uses UDP port ${link.listenPort}, which belongs to the link to "${link.peer.nodeId}"`,
      mend: `Free the port (\`ss -lunp sport = ${link.listenPort}\` names its holder), then run \`pulumi up\`.`,
    }));
}
