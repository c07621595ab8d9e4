// Finding a VM without a state: by its name or id, from any host that has or had it.

import type { Connection } from "../../../model/connection";
import { LeeaError } from "../../../model/errors";
import { contentsOfSpec, inputsOfSpec } from "../../../model/inputs/inputs-of-spec";
import { asText } from "../../../model/inputs/loose-values";
import { type FoundState, type HandlerContext, type Values, withHost } from "../handler-context";
import { type FoundVm, findVm } from "./find-vm";
import { outputsOfVm } from "./vm-outputs";

interface NamedVm {
  readonly vmId: string;
  readonly owner: string;
}

/** The VM, wherever it went from the host. `name` is its name or id; `node` may be left out. CONFLICT where several have the name. */
export async function lookUpVm(where: Values, context: HandlerContext): Promise<FoundState | undefined> {
  const connection = where["nodeConnection"] as Connection;
  const nodeId = asText(where["node"]);
  const expected = nodeId === undefined ? {} : { expectNodeId: nodeId };
  const asked = await withHost(context.hosts, connection, { install: "never", ...expected }, async (session) => {
    const { identity } = await session.call("getNode", {});
    const { vms, moved = [] } = await session.call("listVms", {});
    const named = [...vms.map(({ spec, ...vm }) => ({ ...vm, name: spec.name })), ...moved];
    return { nodeId: identity.nodeId, named, hostLabel: session.hostLabel };
  });
  const name = asText(where["name"]) ?? "";
  const matches = asked.named.filter((vm) => vm.name === name || vm.vmId === name);
  const [match] = matches;
  if (match === undefined) return undefined;
  if (new Set(matches.map(({ vmId }) => vmId)).size > 1) throw ambiguousError(name, asked.hostLabel, matches);
  const found = await findVm(context.hosts, match.vmId, { nodeId: asked.nodeId, connection });
  found?.session.close();
  return found === undefined ? undefined : stateOfFound(found);
}

function stateOfFound({ report, connection }: FoundVm): FoundState {
  const { owner, logicalName, nodeId, spec } = report;
  return {
    id: report.vmId,
    state: {
      inputs: { owner, logicalName, node: nodeId, nodeConnection: connection, ...inputsOfSpec(spec) },
      outputs: { ...outputsOfVm(report, contentsOfSpec(spec)) },
    },
  };
}

function ambiguousError(name: string, hostLabel: string, matches: readonly NamedVm[]): LeeaError {
  const list = matches.map(({ vmId, owner }) => `  ${vmId} of ${owner}`);
  return new LeeaError({
    code: "CONFLICT",
    message: `Several VMs that ${hostLabel} knows are called "${name}":\n${list.join("\n")}`,
    hint: "Give the id of one of them instead of the name.",
  });
}
