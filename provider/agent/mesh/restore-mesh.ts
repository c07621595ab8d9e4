// Brings the membership back at the agent's start, and whenever it is asked: adopts what runs, starts what died, makes anew what a boot
// took away. What is right is not touched, so it may be called at any time.

import { LeeaError } from "../../model/errors";
import type { AgentContext } from "../agent-context";
import { raiseLink } from "./link/link-interface";
import { type MeshState, readMeshState } from "./mesh-state";
import { raiseMesh } from "./put-mesh";
import { takeTurn } from "./take-turn";

/** Restores addresses, links and routing from the record. One broken link does not hold back the rest: it is logged and counted. */
export async function restoreMesh(
  ctx: AgentContext,
): Promise<{ readonly isMember: boolean; readonly brokenLinks: readonly string[] }> {
  return takeTurn(ctx, "mesh", async () => {
    const state = await readMeshState(ctx);
    if (state === undefined) return { isMember: false, brokenLinks: [] };
    await raiseMesh(ctx, state);
    return { isMember: true, brokenLinks: await raiseLinks(ctx, state) };
  });
}

async function raiseLinks(ctx: AgentContext, state: MeshState): Promise<readonly string[]> {
  const broken: string[] = [];
  for (const link of state.links) {
    try {
      await raiseLink(ctx, state, link, false);
    } catch (error) {
      // A taken port or a missing program hits one link or all; either way the node stays reachable over what works.
      if (!(error instanceof LeeaError)) throw error;
      broken.push(link.peer.nodeId);
      ctx.log.write("error", "link-broken", { peer: link.peer.nodeId, code: error.code, message: error.message });
    }
  }
  return broken;
}

/** Restores again and again, so that a dead BIRD or wireguard-go comes back without the agent's restart. Gives what ends it. */
export function watchMesh(ctx: AgentContext, intervalMs = 10_000): () => void {
  let isOver = false;
  let timer: NodeJS.Timeout | undefined;
  const look = async (): Promise<void> => {
    try {
      await restoreMesh(ctx);
    } catch (error) {
      // The next look tries again; until then the log says why the mesh is not whole.
      ctx.log.write("error", "mesh-not-restored", { message: error instanceof Error ? error.message : String(error) });
    }
    if (!isOver) plan();
  };
  const plan = (): void => {
    timer = setTimeout(() => void look(), intervalMs);
    timer.unref();
  };
  plan();
  return () => {
    isOver = true;
    clearTimeout(timer);
  };
}
