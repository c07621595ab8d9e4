// The GPUs of a fake host: the agent's own code on a fake PCI bus, made when something asks for them first. A VM there has its
// partitions by the agent's own acts too.

import type { Agent } from "../../../provider/agent/agent";
import { givePartition, takeBackPartition } from "../../../provider/agent/gpu/partition/hold-partition";
import { type ControlVerb, controlHandlers } from "../../../provider/agent/handlers/control-handlers";
import { isLeeaError } from "../../../provider/model/errors";
import { nameClaim, refuseHolder } from "../../../provider/model/gpu/owner-guard";
import { gpusOnNode } from "../../../provider/model/gpu/vm/vm-gpus";
import type { VmSpec } from "../../../provider/model/vm-spec";
import type { Operation } from "../../../provider/protocol/operation";
import type { VerbName } from "../../../provider/protocol/verbs";
import { fromWireError } from "../../../provider/protocol/wire-error";
import { fakeHostAgent } from "../fake-host-agent";
import { displayCard, mdevCard, sriovCard, vendorCard, xeCard } from "../pci/fake-card";
import { FakePciHost } from "../pci/fake-pci-host";

const gpuVerbs: ReadonlySet<VerbName> = new Set([
  "listGpus",
  "getGpuPartition",
  "checkGpuPartition",
  "putGpuPartition",
  "deleteGpuPartition",
]);

/** True for what the GPUs of a host answer. */
export function isGpuVerb(verb: VerbName): boolean {
  return gpuVerbs.has(verb);
}

interface HostOfGpus {
  readonly nodeId: string;
  readonly vms: ReadonlyMap<string, unknown>;
}

interface Made {
  readonly pci: FakePciHost;
  readonly agent: Agent;
}

/** Its driver lets each VF have a priority of its own. */
const sharedCard = {
  ...xeCard,
  sriov: { total: 4, vfDevice: "e20b", firstGroup: 70, xe: { megabytes: 8192, hasPriorities: true } },
};

/** The GPUs of one host: a display card, one with VFs, one with mediated devices, one with a vendor's types, one with quotas. */
export class FakeHostGpus {
  private made: Promise<Made> | undefined;
  private ready: Made | undefined;
  private readonly host: HostOfGpus;

  constructor(host: HostOfGpus) {
    this.host = host;
  }

  /** The host's bus, for what a test does to it or looks at. */
  async bus(): Promise<FakePciHost> {
    return (await this.open()).pci;
  }

  /** Answers a verb as the agent does. */
  async answer(verb: VerbName, params: Readonly<Record<string, string>>, body: unknown): Promise<unknown> {
    const { agent } = await this.open();
    const handle = controlHandlers[verb as ControlVerb] as (agent: Agent, request: object) => Promise<unknown>;
    return handle(agent, { verb, params, body });
  }

  /** An operation on a partition; undefined where it is none. */
  operation(operationId: string): Operation | undefined {
    try {
      return this.ready?.agent.operations.get(operationId);
    } catch (error) {
      if (isLeeaError(error, "NOT_FOUND")) return undefined;
      throw error;
    }
  }

  /** The end of an operation. Throws what it ended with. */
  async follow({ operationId }: Operation): Promise<Operation> {
    const ended = await (await this.open()).agent.operations.wait(operationId);
    if (ended.error !== undefined) throw fromWireError(ended.error);
    return ended;
  }

  /** What stands against giving the VM the partitions of this host that it names. */
  async reasonsAgainst(vmId: string, spec: Pick<VmSpec, "gpus">): Promise<readonly string[]> {
    const ids = gpusOnNode(spec, this.host.nodeId);
    if (ids.length === 0) return [];
    const { records } = (await this.open()).agent.gpus;
    return ids.flatMap((id) => {
      const record = records.get(id);
      if (record === undefined || record.phase === "released") return [`gpus: the host has no GPU partition ${id}`];
      const refusal = refuseHolder(record, { kind: "vm", id: vmId });
      return refusal === undefined ? [] : [`gpus: ${nameClaim(record)} is given already`];
    });
  }

  /** Gives the VM these partitions and takes back every other that it has. */
  async take(vmId: string, ids: readonly string[]): Promise<void> {
    if (ids.length === 0 && this.ready === undefined) return;
    const { gpus } = (await this.open()).agent;
    for (const { partitionId, holder } of gpus.records.all())
      if (holder?.id === vmId && !ids.includes(partitionId)) await takeBackPartition(gpus, partitionId, holder);
    for (const id of ids) await givePartition(gpus, id, { kind: "vm", id: vmId });
  }

  /** The bus and who has which part of it, as text. */
  describe(): string {
    if (this.ready === undefined) return "";
    const { pci, agent } = this.ready;
    const claims = agent.gpus.records.all().filter(({ phase }) => phase !== "released");
    return `${String(pci)}\n${JSON.stringify(claims)}`;
  }

  private open(): Promise<Made> {
    this.made ??= this.make();
    return this.made;
  }

  private async make(): Promise<Made> {
    const { system, restart } = fakeHostAgent();
    const pci = new FakePciHost(system).plug(displayCard, sriovCard, mdevCard, vendorCard, sharedCard);
    const agent = await restart();
    const gpus = { ...agent.gpus, knowsVm: (vmId: string) => this.host.vms.has(vmId) };
    this.ready = { pci, agent: { ...agent, gpus } };
    return this.ready;
  }
}
