// The host's IPv4 routes of all tables that a packet may meet, as `ip -json route` tells them. It changes nothing.

import type { AgentContext } from "../../agent-context";

/** One route. `destination` is CIDR, or a bare address for a /32; "default" as ip(8) writes it. */
export interface HostRoute {
  readonly destination: string;
  readonly type: string;
  readonly protocol: string;
  readonly device?: string;
  readonly gateway?: string;
}

interface RouteRow {
  readonly dst: string;
  readonly type?: string;
  readonly protocol?: string;
  readonly dev?: string;
  readonly gateway?: string;
}

/** Every IPv4 route of the main table. */
export async function listRoutes(ctx: AgentContext): Promise<readonly HostRoute[]> {
  const { stdout } = await ctx.system.run(["ip", "-json", "-details", "-4", "route", "show", "table", "main"]);
  const rows = (stdout.trim() === "" ? [] : JSON.parse(stdout)) as readonly RouteRow[];
  return rows.map((row) => ({
    destination: row.dst,
    type: row.type ?? "unicast",
    protocol: row.protocol ?? "",
    ...(row.dev === undefined ? {} : { device: row.dev }),
    ...(row.gateway === undefined ? {} : { gateway: row.gateway }),
  }));
}
