// Brings a host that is in its mesh to what is declared: agent, packages, name, endpoint, links. The same for a create
// that failed half-way, because every step is "ensure".

import type { MeshNodeInputs } from "../../../../schema/generated/declared";
import type { Changes } from "../../../model/changes/changes";
import { compareNode } from "../../../model/changes/node-changes";
import { inputError } from "../../../model/errors";
import { asText } from "../../../model/inputs/loose-values";
import { productVersion } from "../../../protocol/version";
import type { HostSession } from "../../host-session";
import { type HandlerContext, type KnownState, type Values, withHost } from "../handler-context";
import { joinMesh } from "./join-mesh";
import { unlinkNodes } from "./link-nodes";
import { composeAgentVersion, outputsOfNode } from "./node-outputs";
import { prepareHost } from "./prepare-host";

/** What is different, the agent's version and missing links included. */
export function findNodeChanges(known: KnownState, inputs: Values, context: HandlerContext): Changes {
  const links = known.outputs["links"];
  const carried = composeAgentVersion(productVersion, context.hosts.bundledAgentHash());
  const before = {
    inputs: known.inputs as unknown as MeshNodeInputs,
    agentVersion: asText(known.outputs["agentVersion"]) ?? "none",
    links: Array.isArray(links) ? links.map(String) : [],
    isOutside: known.outputs["state"] === "outside",
  };
  return compareNode(before, inputs as unknown as MeshNodeInputs, carried);
}

/** Updates the host and gives its state as it reports it. Never replaces anything. */
export async function updateNode(
  nodeId: string,
  known: KnownState,
  inputs: Values,
  context: HandlerContext,
): Promise<KnownState> {
  const owner = asText(known.inputs["owner"]) ?? asText(inputs["owner"]) ?? "";
  const wanted = inputs as unknown as MeshNodeInputs;
  // Where the disks are was settled when the host was set up; a changed declaration only warned.
  const declared = { ...wanted, owner, storagePath: asText(known.inputs["storagePath"]) ?? wanted.storagePath };
  const plan = findNodeChanges(known, inputs, context);
  if (plan.problems.length > 0) throw inputError(`Host "${declared.name}"`, plan.problems);
  const open = {
    install: "upgrade",
    expectNodeId: nodeId,
    report: (line: string) => context.report.note(declared.name, line),
  } as const;
  return withHost(context.hosts, declared.connection, open, async (session) => {
    await prepareHost(session, declared, context);
    const before = known.inputs as unknown as MeshNodeInputs;
    await removeOldLinks(session, nodeId, { before, declared }, context);
    const report = await joinMesh(session, declared, context);
    return { inputs: { ...declared }, outputs: { ...outputsOfNode(report) } };
  });
}

async function removeOldLinks(
  session: HostSession,
  nodeId: string,
  declarations: { before: MeshNodeInputs; declared: MeshNodeInputs },
  context: HandlerContext,
): Promise<void> {
  const { declared } = declarations;
  const before = declarations.before.peers ?? [];
  const removed = before.filter(({ id }) => !declared.peers.some((peer) => peer.id === id));
  for (const { id, connection } of removed) {
    const open = { install: "never", expectNodeId: id } as const;
    await withHost(context.hosts, connection, open, (peer) => unlinkNodes(session, nodeId, peer, id)).catch(
      async (error: unknown) => {
        // A peer that was taken down keeps nothing worth waiting for; our own end goes all the same.
        context.report.note(
          declared.name,
          `peer ${id} keeps its end of the link (${error instanceof Error ? error.message : String(error)})`,
        );
        await session.call("deleteLink", { params: { peerId: id } });
      },
    );
  }
}
