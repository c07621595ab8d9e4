// The agent that this program carries: one file beside our own bundle. Read only.

import { createHash } from "node:crypto";
import { readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { LeeaError } from "../../model/errors";

let known: { readonly stamp: string; readonly hash: string } | undefined;

/** Path of the agent's bundle on this machine; LEEA_AGENT_BUNDLE names another one. */
export function bundledAgentPath(): string {
  return process.env["LEEA_AGENT_BUNDLE"] ?? join(__dirname, "agent.cjs");
}

/** SHA-256, in hex, of the agent that this program carries. TOOL_MISSING where it carries none. */
export function bundledAgentHash(): string {
  const path = bundledAgentPath();
  const status = statSync(path, { throwIfNoEntry: false });
  if (status === undefined) {
    throw new LeeaError({
      code: "TOOL_MISSING",
      message: `Unable to find the agent's bundle: there is no ${path}`,
      hint: "Build it with `npm run build`, or install the package anew.",
    });
  }
  const stamp = `${path} ${status.ino} ${status.size} ${status.mtimeMs}`;
  if (known?.stamp !== stamp) known = { stamp, hash: createHash("sha256").update(readFileSync(path)).digest("hex") };
  return known.hash;
}

/** Name of a bundle's folder below /opt/leea. */
export function bundleFolder(hash: string): string {
  return hash.slice(0, 16);
}
