// Emulated hosts as MeshNodes: made by the controller's real handler, over SSH, like any host.

import type { HandlerContext, KnownState, Values } from "../../../provider/controller/handlers/handler-context";
import { meshNodeHandler } from "../../../provider/controller/handlers/mesh-node";
import { bundledAgentHash, openHost, removeAgent } from "../../../provider/controller/host-session";
import { inputError } from "../../../provider/model/errors";
import type { GpuHost } from "./gpu-host";

process.env["LEEA_AGENT_BUNDLE"] ??= `${__dirname}/../../../provider/dist/agent.cjs`;

/** A MeshNode as its create left it. */
export interface DeclaredNode {
  readonly id: string;
  readonly host: GpuHost;
  readonly known: KnownState;
}

/** What handlers are given; nothing in it stands in for a part of the product. */
export const nodeContext: HandlerContext = {
  hosts: { open: openHost, removeAgent, bundledAgentHash },
  report: { note: () => undefined, progress: () => undefined },
  programFolder: __dirname,
};

/** Makes a host a MeshNode; a mistake in what is declared fails the test. `endpoint`: where other hosts reach it. */
export async function makeNode(
  host: GpuHost,
  { endpoint, peer }: { readonly endpoint: string; readonly peer?: DeclaredNode },
): Promise<DeclaredNode> {
  const declared: Values = {
    owner: "acme/gpu/test",
    name: host.name,
    connection: host.connection,
    mesh: { name: "gpu" },
    peers: peer === undefined ? [] : [{ id: peer.id, connection: peer.host.connection }],
    endpoint: { address: endpoint },
    setup: false,
  };
  const { inputs, problems } = await meshNodeHandler.check(declared, undefined, nodeContext);
  if (problems.length > 0) throw inputError("The test's MeshNode", problems);
  const { id, outputs } = await meshNodeHandler.create(inputs, nodeContext, () => undefined);
  return { id, host, known: { inputs, outputs } };
}
