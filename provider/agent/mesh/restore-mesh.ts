// Brings the membership back at the agent's start, and whenever it is asked: adopts what runs, starts what died, makes anew what a boot
// took away. What is right is not touched, so it may be called at any time.

import { describeError } from "../../model/errors";
import type { AgentContext } from "../agent-context";
import { refreshNetRules } from "../net/host-network";
import { runBird } from "./bird";
import { isHostNetworkWhole } from "./is-host-network-whole";
import { raiseLink } from "./link/link-interface";
import { type MeshLink, type MeshState, readMeshState } from "./mesh-state";
import { raiseMesh } from "./put-mesh";
import { takeTurn } from "./take-turn";

/** What came of it. `brokenLinks`: node ids of peers; `problem`: why addresses or routing are not whole. */
export interface Restoration {
  readonly isMember: boolean;
  readonly brokenLinks: readonly string[];
  readonly problem?: string;
}

/** Restores addresses, links and routing from the record. What fails is logged and told, and holds back neither the rest nor the agent. */
export async function restoreMesh(ctx: AgentContext): Promise<Restoration> {
  return takeTurn(ctx, "mesh", async () => {
    const state = await readMeshState(ctx);
    if (state === undefined) return { isMember: false, brokenLinks: [] };
    const problem = await tryRestoring(ctx, "mesh-broken", () => raiseMesh(ctx, state));
    const brokenLinks = await raiseLinks(ctx, state, state.links);
    return { isMember: true, brokenLinks, ...(problem === undefined ? {} : { problem }) };
  });
}

/**
 * Mends, every `intervalMs`, what died or was taken away since: a BIRD, a wireguard-go, an interface, the packet filter. Where nothing is
 * missing it reads a few files and runs a few short commands. Gives what ends it.
 */
export function watchMesh(ctx: AgentContext, intervalMs = 10_000): () => void {
  let isOver = false;
  let timer: NodeJS.Timeout | undefined;
  const plan = (): void => {
    timer = setTimeout(() => void look(), intervalMs).unref();
  };
  const look = async (): Promise<void> => {
    await tryRestoring(ctx, "mesh-not-mended", () => mendMesh(ctx));
    if (!isOver) plan();
  };
  plan();
  return () => {
    isOver = true;
    clearTimeout(timer);
  };
}

async function mendMesh(ctx: AgentContext): Promise<void> {
  await takeTurn(ctx, "mesh", async () => {
    const state = await readMeshState(ctx);
    if (state === undefined) return;
    if (await isHostNetworkWhole(ctx)) {
      await refreshNetRules(ctx); // the host's way out may be another one by now
      await runBird(ctx, state);
    } else await raiseMesh(ctx, state);
    const down: MeshLink[] = [];
    for (const link of state.links) if (!(await isInterfaceUp(ctx, link.interfaceName))) down.push(link);
    await raiseLinks(ctx, state, down);
  });
}

/** IFF_UP is the lowest bit of the flags; an interface whose wireguard-go died is gone. */
async function isInterfaceUp(ctx: AgentContext, interfaceName: string): Promise<boolean> {
  const flags = await ctx.system.readText(`/sys/class/net/${interfaceName}/flags`);
  return flags !== undefined && (Number(flags.trim()) & 1) === 1;
}

async function raiseLinks(ctx: AgentContext, state: MeshState, links: readonly MeshLink[]): Promise<readonly string[]> {
  const broken: string[] = [];
  for (const link of links) {
    const problem = await tryRestoring(ctx, "link-broken", () => raiseLink(ctx, state, link, false));
    if (problem !== undefined) broken.push(link.peer.nodeId);
  }
  return broken;
}

/** Gives the error's message, logged; undefined where the act succeeded. The node stays reachable over what works. */
async function tryRestoring(
  ctx: AgentContext,
  event: string,
  act: () => Promise<unknown>,
): Promise<string | undefined> {
  try {
    await act();
    return undefined;
  } catch (error) {
    // Whatever it is, the agent must live on: it is the only way to mend the host. The next look tries again.
    const message = describeError(error);
    ctx.log.write("error", event, { message });
    return message;
  }
}
