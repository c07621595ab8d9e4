// The UDP or TCP ports that something on this host is bound to, of the kernel's own sockets as well. It changes nothing.

import type { AgentContext } from "../../agent-context";

/** Ports with a bound UDP socket or a listening TCP socket, IPv4 and IPv6 (ss(8)). */
export async function listPortsInUse(ctx: AgentContext, protocol: "udp" | "tcp"): Promise<ReadonlySet<number>> {
  const { stdout } = await ctx.system.run(["ss", "-H", "-n", ...(protocol === "udp" ? ["-u", "-a"] : ["-t", "-l"])]);
  const ports = stdout.split("\n").map((line) => Number(line.trim().split(/\s+/)[3]?.split(":").at(-1)));
  return new Set(ports.filter((port) => Number.isInteger(port) && port > 0));
}
