// Ends TCP connections of a QEMU as a reset by their peer would (ss -K, the kernel's SOCK_DESTROY). What `yank` cannot end
// ends so: a connection that does not stand yet, or one whose TLS handshake holds up QEMU's main loop, and so its guest.

import type { AgentContext } from "../../../agent-context";
import type { ProcessMark } from "../../../system/system";

/** A connection as ss(8) prints its ends. */
interface Connection {
  readonly local: string;
  readonly peer: string;
}

/** Ends the process's connections to ports that `isMeant` names. A kernel without SOCK_DESTROY ends none. Errors: those of a run. */
export async function breakConnections(
  ctx: AgentContext,
  mark: ProcessMark,
  isMeant: (peerPort: number) => boolean,
): Promise<void> {
  for (const { local, peer } of await listConnections(ctx, mark)) {
    if (!isMeant(Number(peer.split(":").at(-1)))) continue;
    // One that ended meanwhile, and a kernel that ends none, are seen by whoever waits for QEMU's own word.
    await ctx.system.run(["ss", "-K", "-H", "-t", "-n", "src", local, "dst", peer], {
      acceptExitCodes: [0, 1, 2, 255],
    });
  }
}

async function listConnections(ctx: AgentContext, { pid }: ProcessMark): Promise<readonly Connection[]> {
  const { stdout } = await ctx.system.run(["ss", "-H", "-t", "-n", "-p"]);
  const lines = stdout.split("\n").filter((line) => line.includes(`pid=${pid},`));
  return lines.flatMap((line) => {
    const [, , , local, peer] = line.trim().split(/\s+/);
    return local === undefined || peer === undefined ? [] : [{ local, peer }];
  });
}
