// What the hosts of a lab report of themselves and their VMs, in words that are the same in every run: a host is called by its
// name and not by the id that its keys give it, and times, rates and keys are left out.

import type { NodeReport } from "../../../../provider/protocol/node";
import type { MovedVm, VmReport } from "../../../../provider/protocol/vm";
import { type World, withAgent } from "../../world/world";

type NameOf = (nodeId: string) => string;

/** The reports by host. Every host must be a MeshNode. */
export async function reportHosts(world: World): Promise<Record<string, object>> {
  const ask = ({ name }: { readonly name: string }) =>
    withAgent(world, name, async (session) => {
      const { vms, moved = [] } = await session.call("listVms", {});
      return { name, node: await session.call("getNode", {}), vms, moved };
    });
  const answers = await Promise.all(world.lab.hosts.map(ask));
  const names = new Map(answers.map(({ name, node }) => [node.identity.nodeId, name]));
  const nameOf: NameOf = (nodeId) => names.get(nodeId) ?? nodeId;
  return Object.fromEntries(
    answers.map(({ name, node, vms, moved }) => [
      name,
      {
        node: lastingNode(node, nameOf),
        vms: vms.map((vm) => lastingVm(vm, nameOf)),
        moved: moved.map((vm) => lastingTrace(vm, nameOf)),
      },
    ]),
  );
}

function lastingNode(node: NodeReport, nameOf: NameOf): object {
  const { name, owner, bundleHash, missingPackages, installedBySetup, conflicts, mesh, links, vmIds } = node;
  return {
    ...{ name, owner, bundleHash, missingPackages, installedBySetup, conflicts, vmIds },
    mesh: { name: mesh?.name, nodeRange: mesh?.nodeRange, vmRange: mesh?.vmRange, mtu: mesh?.mtu },
    endpointAddress: node.descriptor?.endpointAddress,
    links: links.map(({ peerId }) => nameOf(peerId)).sort(),
  };
}

function lastingVm(vm: VmReport, nameOf: NameOf): object {
  const { vmId, owner, logicalName, state, generation, incarnation, spec, address, accelerator, machine, restart } = vm;
  const { mode, from = "", to = "" } = vm.lastMigration ?? {};
  return {
    ...{ vmId, owner, logicalName, state, generation, incarnation, spec, address, accelerator, machine, restart },
    on: nameOf(vm.nodeId),
    lastMigration: { mode, from: nameOf(from), to: nameOf(to) },
  };
}

function lastingTrace({ vmId, name, owner, movedTo }: MovedVm, nameOf: NameOf): object {
  return { vmId, name, owner, generation: movedTo.generation, to: nameOf(movedTo.nodeId) };
}
