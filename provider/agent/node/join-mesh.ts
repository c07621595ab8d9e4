// A host becomes a node: mesh first, as that may refuse, then what it was told is written down, then the peer channel; then
// it reports itself. Broken off anywhere, the next call goes on.

import { LeeaError } from "../../model/errors";
import type { NodeReport, PutMeshRequest } from "../../protocol/node";
import type { Agent } from "../agent";
import { putMesh } from "../mesh/mesh";
import { ensurePeerServer } from "../peer/ensure-peer-server";
import { readNodeSettings, saveNodeSettings } from "./node-settings";
import { reportNode } from "./report-node";
import { checkStorage, takeStorage } from "./storage-folder";

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
  await checkStorage(agent, request.storagePath);
  await putMesh(agent.ctx, request);
  await takeStorage(agent, request.storagePath);
  await saveNodeSettings(agent.ctx.system, { owner: request.owner, name: request.name });
  await ensurePeerServer(agent);
  return reportNode(agent);
}
