// Which UDP port, and with it which interface, a new link gets: the first of the node's range that neither a link nor anything else on the
// host uses. It reserves nothing; the caller writes it down.

import { linkNamePrefix } from "../../../model/bird-config";
import { LeeaError } from "../../../model/errors";
import type { AgentContext } from "../../agent-context";
import { listPortsInUse } from "../conflicts/list-ports-in-use";
import type { MeshState } from "../mesh-state";

/** A port of the range and the interface `leeal<N>`, N being the port's place in the range. Errors: NETWORK_CONFLICT (none free). */
export async function chooseLinkPort(
  ctx: AgentContext,
  state: MeshState,
): Promise<{ readonly listenPort: number; readonly interfaceName: string }> {
  const { portBase, portCount } = state.endpoint;
  const inUse = await listPortsInUse(ctx, "udp");
  const interfaces = new Set(await ctx.system.list("/sys/class/net"));
  const ports = new Set(state.links.map((link) => link.listenPort));
  const names = new Set(state.links.map((link) => link.interfaceName));
  for (let index = 0; index < portCount; index += 1) {
    const listenPort = portBase + index;
    const interfaceName = `${linkNamePrefix}${index}`;
    const isTaken =
      inUse.has(listenPort) || ports.has(listenPort) || names.has(interfaceName) || interfaces.has(interfaceName);
    if (!isTaken && listenPort < 65536) return { listenPort, interfaceName };
  }
  throw new LeeaError({
    code: "NETWORK_CONFLICT",
    message: `No UDP port from ${portBase} to ${portBase + portCount - 1} is free for another link`,
    hint: "Raise endpoint.portCount of the MeshNode, or choose another endpoint.portBase.",
  });
}
