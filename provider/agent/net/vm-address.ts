// Chooses a VM's IPv4 address: the one asked for, or the first of its own draws that nobody has. It asks the routes of this
// host, which know every running and every stopped VM of the mesh; it reserves nothing.

import { inputError, LeeaError } from "../../model/errors";
import { type Ipv4Range, parseIpv4Range, rangeHolds } from "../../model/ipv4-range";
import { vmAddressCandidate } from "../../model/net/vm-address";
import type { AgentContext } from "../agent-context";
import { type IpRoute, showIp } from "./ip-command";
import { readVmNetworks } from "./net-journal";

/** An address that is not to be given out, and who has it, in words. */
export interface TakenAddress {
  readonly address: string;
  readonly by: string;
}

/** What to choose for. `wanted` is what the user asked for; `field` names where, by default `nics[0].mesh.address`. */
export interface AddressWanted {
  readonly vmRange: string;
  readonly vmId: string;
  readonly wanted?: string;
  readonly field?: string;
  readonly taken?: readonly TakenAddress[];
}

const mostDraws = 1000;

/**
 * The address. Errors: INPUT_INVALID (asked for and not in the range), CONFLICT (asked for and taken, naming by whom),
 * NETWORK_CONFLICT (the range is as good as full).
 */
export async function chooseVmAddress(ctx: AgentContext, request: AddressWanted): Promise<string> {
  const range = parseIpv4Range(request.vmRange);
  if ("problem" in range) throw inputError("The mesh", [{ field: "mesh.vmRange", message: range.problem }]);
  const holders = await findHolders(ctx, request);
  if (request.wanted !== undefined) return checkWanted(request, range, request.wanted, holders);
  for (let n = 0; n < mostDraws; n += 1) {
    const candidate = vmAddressCandidate(range, request.vmId, n);
    if (candidate !== undefined && !holders.has(candidate)) return candidate;
  }
  throw new LeeaError({
    code: "NETWORK_CONFLICT",
    message: `Unable to find a free address in ${request.vmRange}: ${holders.size} are taken`,
    hint: "Delete VMs that are no longer needed, or build a mesh with a larger vmRange.",
  });
}

function checkWanted(
  request: AddressWanted,
  range: Ipv4Range,
  wanted: string,
  holders: ReadonlyMap<string, string>,
): string {
  const field = request.field ?? "nics[0].mesh.address";
  const usable = { ...range, first: range.first + 1, last: range.last - 1 };
  if (!rangeHolds(usable, wanted)) {
    const message = `${wanted} is not a usable address of the mesh's range for VMs, ${request.vmRange}`;
    throw inputError("The VM", [{ field, message }]);
  }
  const holder = holders.get(wanted);
  if (holder === undefined) return wanted;
  throw new LeeaError({
    code: "CONFLICT",
    message: `${field}: ${wanted} is taken (${holder})`,
    hint: "Declare another address, or none to have one chosen.",
    details: { field, address: wanted },
  });
}

/** Every address of the range that somebody has, other than this VM itself. */
async function findHolders(ctx: AgentContext, request: AddressWanted): Promise<ReadonlyMap<string, string>> {
  const holders = new Map((request.taken ?? []).map(({ address, by }) => [address, by]));
  const own = new Set<string>();
  for (const record of await readVmNetworks(ctx)) {
    for (const nic of record.nics) {
      if (nic.kind !== "mesh") continue;
      if (record.vmId === request.vmId) own.add(nic.address);
      else if (!holders.has(nic.address)) holders.set(nic.address, `VM "${record.hostName}" on this host`);
    }
  }
  const routes = await showIp<IpRoute>(ctx, ["-4", "route", "show", "table", "all", "root", request.vmRange]);
  for (const route of routes) {
    const address = route.dst.replace(/\/32$/, "");
    if (address.includes("/") || own.has(address) || holders.has(address)) continue;
    holders.set(address, holderOf(route));
  }
  return holders;
}

function holderOf(route: IpRoute): string {
  const gateway = route.gateway ?? route.via?.host;
  if (gateway !== undefined) return `announced by ${gateway}${route.dev === undefined ? "" : ` over ${route.dev}`}`;
  return route.dev === undefined ? "kept for a stopped VM of this host" : `on ${route.dev} of this host`;
}
