// Finding a host that is already a node, without a state: by the way to it.

import type { Connection } from "../../../model/connection";
import { type FoundState, type HandlerContext, type Values, withHost } from "../handler-context";
import { outputsOfNode } from "./node-outputs";

/** The node; undefined where the host is in no mesh. Its peers and endpoint are the declaration's to say. */
export async function lookUpNode(where: Values, context: HandlerContext): Promise<FoundState | undefined> {
  const connection = where["connection"] as Connection;
  const report = await withHost(context.hosts, connection, { install: "never" }, (session) =>
    session.call("getNode", {}),
  );
  if (report.mesh === undefined) return undefined;
  const { name, nodeRange, vmRange, mtu } = report.mesh;
  return {
    id: report.identity.nodeId,
    state: {
      inputs: {
        ...(report.owner === undefined ? {} : { owner: report.owner }),
        name: report.descriptor?.name ?? report.name,
        connection,
        mesh: { name, nodeRange, vmRange, mtu },
        peers: [],
        ...(report.storagePath === undefined ? {} : { storagePath: report.storagePath }),
      },
      outputs: { ...outputsOfNode(report) },
    },
  };
}
