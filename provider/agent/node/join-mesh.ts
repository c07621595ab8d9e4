// A host becomes a node: settings first, then mesh and peer channel, then it reports itself.

import { LeeaError } from "../../model/errors";
import type { NodeReport, PutMeshRequest } from "../../protocol/node";
import type { Agent } from "../agent";
import { putMesh } from "../mesh/mesh";
import { ensurePeerServer } from "../peer/ensure-peer-server";
import { readNodeSettings, saveNodeSettings } from "./node-settings";
import { reportNode } from "./report-node";

/** Founds or joins. Errors: CONFLICT (another owner or another mesh), NETWORK_CONFLICT, and those of the voucher. */
export async function joinMesh(agent: Agent, request: PutMeshRequest): Promise<NodeReport> {
  const settings = await readNodeSettings(agent.ctx.system);
  if (settings.owner !== undefined && settings.owner !== request.owner) {
    throw new LeeaError({
      code: "CONFLICT",
      message: `the host is a node of ${settings.owner}`,
      hint: "Delete it there first, or use it from here as {id, connection}.",
      details: { owner: settings.owner },
    });
  }
  await saveNodeSettings(agent.ctx.system, {
    owner: request.owner,
    name: request.name,
    storagePath: request.storagePath,
  });
  await putMesh(agent.ctx, request);
  await ensurePeerServer(agent);
  return reportNode(agent);
}
