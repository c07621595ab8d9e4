// Takes a host out of its mesh: refused while a VM is on it; then its own end goes, and then the peers' ends of its links.
// Each part may be sent again, as a program may die between them.

import type { MeshNodeInputs } from "../../../../schema/generated/declared";
import { isLeeaError, LeeaError } from "../../../model/errors";
import type { NodeReport } from "../../../protocol/node";
import type { HostSession } from "../../host-session";
import { chooseOperationId } from "../choose-operation-id";
import { type HandlerContext, withHost } from "../handler-context";

/** Leaves the mesh; the peers keep their ends until `removePeersEnds`. IN_USE names every VM with its stack. */
export async function leaveMesh(session: HostSession, inputs: MeshNodeInputs, context: HandlerContext): Promise<void> {
  const report = await session.call("getNode", {});
  await refuseWhileUsed(session, inputs.name, report);
  const operationId = await chooseOperationId(session, "leave", report.identity.nodeId);
  const operation = await session.call("leaveNode", { body: { operationId } });
  await session.follow(operation, (progress) => context.report.progress(inputs.name, progress));
}

async function refuseWhileUsed(session: HostSession, name: string, report: NodeReport): Promise<void> {
  if (report.vmIds.length === 0) return;
  const { vms } = await session.call("listVms", {});
  if (vms.length === 0) return;
  const list = vms.map((vm) => `  VM "${vm.spec.name}" of ${vm.owner}`);
  throw new LeeaError({
    code: "IN_USE",
    message: `Host "${name}" cannot leave the mesh, because it has:\n${list.join("\n")}`,
    hint: "Declare another node for them (they move live) or destroy them, and run again.",
    details: { vmIds: vms.map(({ vmId }) => vmId) },
  });
}

/** The other ends. A peer that is gone itself keeps a dead link at most, so it does not hold up the leaving. */
export async function removePeersEnds(nodeId: string, inputs: MeshNodeInputs, context: HandlerContext): Promise<void> {
  for (const { id, connection } of inputs.peers) {
    try {
      const open = { install: "never", expectNodeId: id } as const;
      await withHost(context.hosts, connection, open, (peer) =>
        peer.call("deleteLink", { params: { peerId: nodeId } }),
      );
    } catch (error) {
      if (!isLeeaError(error)) throw error;
      context.report.note(inputs.name, `peer ${id} does not answer and keeps a dead link to it`);
    }
  }
}
