// Bundles the stand-in for the agent, as the real agent is bundled: one file.

import { build } from "esbuild";

/** What the stand-in is to be. Every set of values gives a bundle of its own content. */
export interface StandIn {
  readonly version?: string;
  readonly healthy?: boolean;
  readonly minProtocol?: number;
  readonly movesRunning?: number;
}

/** Writes the bundle to a file. */
export async function buildStandIn(file: string, standIn: StandIn = {}): Promise<void> {
  const values = { version: "0.1.0", healthy: true, minProtocol: 1, movesRunning: 0, ...standIn };
  await build({
    entryPoints: [require.resolve("./main")],
    bundle: true,
    platform: "node",
    target: "node20",
    outfile: file,
    define: { STAND_IN: JSON.stringify(values) },
    logLevel: "error",
  });
}
