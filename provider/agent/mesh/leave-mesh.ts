// Takes this host out of its mesh and leaves nothing of it behind. The routing daemon ends first and in good order, so that the
// others turn to other ways before the links go.

import type { AgentContext } from "../agent-context";
import { removeHostNetwork } from "../net/host-network";
import { birdFolder, stopBird } from "./bird";
import { removeLinkInterface } from "./link/link-interface";
import { wireguardFolder } from "./link/wireguard-daemon";
import { meshStatePath, readMeshState } from "./mesh-state";
import { takeTurn } from "./take-turn";

/** Undoes membership and links; the identity stays. Gives whether there was anything to undo. Repeatable after a crash in its midst. */
export async function leaveMesh(ctx: AgentContext): Promise<{ readonly changed: boolean }> {
  return takeTurn(ctx, "mesh", async () => {
    const state = await readMeshState(ctx);
    await stopBird(ctx);
    for (const link of state?.links ?? []) await removeLinkInterface(ctx, link.interfaceName);
    if (state !== undefined) await removeHostNetwork(ctx);
    for (const path of [birdFolder(ctx), wireguardFolder(ctx), meshStatePath(ctx)]) await ctx.system.remove(path);
    // wireguard-go makes this folder for its sockets and leaves it; one with another program's socket in it stays.
    await ctx.system.run(["rmdir", "/run/wireguard"], { acceptExitCodes: [0, 1] });
    if (state !== undefined) ctx.log.write("info", "mesh-left", { mesh: state.parameters.name });
    return { changed: state !== undefined };
  });
}
