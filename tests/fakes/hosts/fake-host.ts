// A host that keeps the agent's rules as far as handlers can see them, in memory: identity, mesh, links, VMs with
// generation and incarnation, operations that replay, moves. Counts every call, so that "touches nothing" can be shown.

import { checkBody } from "../../../provider/agent/http/check-body";
import { checkParams } from "../../../provider/agent/http/check-params";
import { LeeaError } from "../../../provider/model/errors";
import { gpuPortsFor, gpusOnNode } from "../../../provider/model/gpu/vm/vm-gpus";
import type { MovedTo } from "../../../provider/model/ownership";
import type { NodeDescriptor, NodeReport, PutMeshRequest } from "../../../provider/protocol/node";
import type { Operation } from "../../../provider/protocol/operation";
import type { VerbName, VerbTypes } from "../../../provider/protocol/verbs";
import { productVersion } from "../../../provider/protocol/version";
import type { DeleteVmRequest, PutVmRequest, VmReport } from "../../../provider/protocol/vm";
import { refuseBusy } from "../work-under-way";
import { FakeHostGpus, isGpuVerb } from "./fake-host-gpus";

/** What a host knows of the others around it. */
interface AroundHost {
  readonly agentHash: string;
  byId(nodeId: string): FakeHost;
}

type Params = Readonly<Record<string, string>>;
type Answers = { [V in VerbName]?: (params: Params, body: never) => unknown };

const traffic = { lastHandshakeMs: 1, receivedBytes: 0, sentBytes: 0 };
const idleLink = { interfaceName: "leeal0", listenPort: 51_820, ...traffic };

/** One host. Fields may be set by a test before or between calls. */
export class FakeHost {
  isUp = true;
  hasAgent = false;
  fingerprint: string;
  missing: NodeReport["missingPackages"] = [];
  conflicts: NodeReport["conflicts"] = [];
  mesh: PutMeshRequest | undefined;
  meshName: string | undefined;
  links = new Map<string, number | undefined>();
  vms = new Map<string, VmReport>();
  moved = new Map<string, MovedTo>();
  expected = new Set<string>();
  deletions = new Map<string, string>();
  images = new Set<string>();
  operations = new Map<string, Operation>();
  calls: string[] = [];
  qemuVersion = "9.2.0";
  failNextPut: LeeaError | undefined;
  checkReasons: string[] = [];

  readonly name: string;
  readonly world: AroundHost;
  readonly gpus: FakeHostGpus;

  constructor(name: string, world: AroundHost) {
    this.name = name;
    this.world = world;
    this.fingerprint = name.padEnd(8, name).repeat(7).slice(0, 52);
    this.gpus = new FakeHostGpus(this);
  }

  get nodeId(): string {
    return `${this.name}-${this.fingerprint.slice(0, 8)}`;
  }

  /** Answers as the agent's socket does: a request that is not of its verb is refused. */
  answer(verb: VerbName, params: Params, body: unknown): unknown {
    this.calls.push(verb);
    checkParams(params);
    const onWire: unknown = body === undefined ? undefined : JSON.parse(JSON.stringify(body));
    checkBody(verb, onWire);
    if (isGpuVerb(verb)) return this.gpus.answer(verb, params, onWire);
    const act = (this.answers as Record<string, ((params: Params, body: unknown) => unknown) | undefined>)[verb];
    if (act === undefined) throw new Error(`the fake knows no ${verb}`);
    return act(params, onWire);
  }

  /** The agent is removed with all that it had written down. */
  forget(): void {
    this.hasAgent = false;
    this.mesh = undefined;
    for (const kept of [this.operations, this.moved, this.images, this.expected]) kept.clear();
  }

  /** All that a change of the host would change, as text. */
  describe(): string {
    const { hasAgent, mesh, meshName, links, vms, moved, expected, images, operations, missing } = this;
    const lists = [links, vms, moved, operations].map((map) => [...map]);
    const text = JSON.stringify([hasAgent, mesh, meshName, missing, ...lists, [...expected], [...images]]);
    return `${text}\n${this.gpus.describe()}`;
  }

  private readonly answers: Answers = {
    getIdentity: () => this.identity(),
    getNode: () => this.report(),
    setUpNode: (_params, { operationId }: { operationId: string }) => {
      this.missing = [];
      return this.operate(operationId, "setup");
    },
    checkMesh: () => ({ conflicts: this.conflicts }),
    putMesh: (_params, body: PutMeshRequest) => {
      this.meshName ??= body.found?.name ?? body.admission?.parameters.name;
      this.mesh = body;
      return this.report();
    },
    vouch: () => ({
      parameters: this.parameters(),
      voucher: { payload: "{}", signature: "", issuerPublicKey: this.nodeId },
    }),
    putLink: ({ peerId = "" }, { peerPort }: { peerPort?: number }) => {
      this.links.set(peerId, peerPort ?? this.links.get(peerId));
      return { listenPort: 51_820 + [...this.links.keys()].indexOf(peerId), interfaceName: "leeal0" };
    },
    deleteLink: ({ peerId = "" }) => ({ changed: this.links.delete(peerId) }),
    leaveNode: (_params, { operationId }: { operationId: string }) => {
      this.meshName = undefined;
      this.links.clear();
      return this.operate(operationId, "leave");
    },
    hasImage: ({ hash = "" }) => ({ present: this.images.has(hash) }),
    listVms: () => ({ vms: [...this.vms.values()] }),
    getVm: ({ vmId = "" }) => this.find(vmId),
    checkVm: async ({ vmId = "" }, { spec }: PutVmRequest) => ({
      reasons: [...this.checkReasons, ...(await this.gpus.reasonsAgainst(vmId, spec))],
    }),
    putVm: ({ vmId = "" }, body: PutVmRequest) => this.putVm(vmId, body),
    deleteVm: ({ vmId = "" }, body: DeleteVmRequest) => this.deleteVm(vmId, body),
    describeMove: ({ vmId = "" }) => this.describeMove(vmId),
    checkMove: (_params, needs: VerbTypes["checkMove"]["body"]) => this.checkMove(needs),
    expectMove: (_params, { moveId }: { moveId: string }) => {
      this.expected.add(moveId);
      return { expected: true };
    },
    moveVm: ({ vmId = "" }, body: VerbTypes["moveVm"]["body"]) => this.moveVm(vmId, body),
    getOperation: ({ operationId = "" }) => {
      const operation = this.operations.get(operationId) ?? this.gpus.operation(operationId);
      if (operation === undefined) throw new LeeaError({ code: "NOT_FOUND", message: "no such operation" });
      return operation;
    },
  };

  identity() {
    return { nodeId: this.nodeId, fingerprint: this.fingerprint, publicKey: `key-${this.nodeId}` };
  }

  private descriptor(): NodeDescriptor {
    return {
      ...this.identity(),
      name: this.name,
      wireguardPublicKey: "wg",
      meshAddress: "10.91.0.1",
      meshAddress6: "fd00::1",
      endpointAddress: this.name,
    };
  }

  private parameters() {
    return {
      name: this.meshName ?? "",
      meshId: `mesh-${this.meshName}`,
      range6: "fd00::/48",
      nodeRange: "10.91.0.0/16",
      vmRange: "10.92.0.0/16",
      mtu: 1420,
    };
  }

  report(): NodeReport {
    return {
      identity: this.identity(),
      name: this.name,
      ...(this.mesh === undefined ? {} : { owner: this.mesh.owner }),
      os: "Debian GNU/Linux 12",
      arch: "x86_64",
      cpus: 4,
      memoryBytes: 2 ** 33,
      availableMemoryBytes: 2 ** 32,
      storageFreeBytes: 2 ** 36,
      storagePath: this.mesh?.storagePath ?? "/var/lib/leea",
      qemuVersion: this.qemuVersion,
      accelerators: ["tcg"],
      agentVersion: productVersion,
      bundleHash: this.world.agentHash,
      missingPackages: this.missing,
      installedBySetup: [],
      conflicts: this.conflicts,
      ...(this.meshName === undefined ? {} : { mesh: this.parameters(), descriptor: this.descriptor() }),
      links: [...this.links.keys()].map((peerId) => ({ peerId, ...idleLink })),
      vmIds: [...this.vms.keys()],
    };
  }

  private find(vmId: string): VerbTypes["getVm"]["answer"] {
    const report = this.vms.get(vmId);
    if (report !== undefined) return { found: "here", report };
    const movedTo = this.moved.get(vmId);
    if (movedTo !== undefined) return { found: "moved", movedTo };
    const operationId = this.deletions.get(vmId);
    return { found: "absent", ...(operationId === undefined ? {} : { operationId }) };
  }

  private async deleteVm(vmId: string, { operationId, owner, incarnation }: DeleteVmRequest): Promise<Operation> {
    const known = this.operations.get(operationId);
    if (known !== undefined) return known;
    const vm = this.vms.get(vmId);
    refuseBusy(vm);
    if (vm === undefined || vm.incarnation > incarnation)
      return this.operate(operationId, "delete-vm", { result: { deleted: false } });
    if (vm.owner !== owner)
      return this.fail(operationId, "delete-vm", { code: "CONFLICT", message: `the VM belongs to ${vm.owner}` });
    this.vms.delete(vmId);
    await this.gpus.take(vmId, []);
    return this.operate(operationId, "delete-vm", { result: { deleted: true } });
  }

  private async putVm(vmId: string, body: PutVmRequest): Promise<Operation> {
    const known = this.operations.get(body.operationId);
    if (known !== undefined) return known;
    const failure = this.failNextPut;
    this.failNextPut = undefined;
    if (failure !== undefined)
      return this.fail(body.operationId, "put-vm", { code: failure.code, message: failure.message });
    const old = this.vms.get(vmId);
    refuseBusy(old);
    if (old === undefined && !body.creating) throw new LeeaError({ code: "NOT_FOUND", message: "no such VM" });
    const incarnation = (old?.incarnation ?? 0) + (body.creating ? 1 : 0);
    const { owner, logicalName, spec } = body;
    const state = spec.powerState === "running" ? "running" : "stopped";
    const gpus = gpusOnNode(spec, this.nodeId);
    await this.gpus.take(vmId, gpus);
    this.vms.set(vmId, {
      vmId,
      owner,
      logicalName,
      nodeId: this.nodeId,
      state,
      generation: old?.generation ?? 1,
      incarnation,
      spec,
      address: "10.92.0.7",
      accelerator: "tcg",
      machine: "pc-q35-9.2",
      bootedAtMs: 1_700_000_000_000,
      ...(spec.gpus === undefined ? {} : { gpus: state === "running" ? gpus : [] }),
    });
    return this.operate(body.operationId, "put-vm");
  }

  private describeMove(vmId: string): VerbTypes["describeMove"]["answer"] {
    const vm = this.vms.get(vmId);
    if (vm === undefined) throw new LeeaError({ code: "NOT_FOUND", message: "no such VM" });
    const needs = {
      vmId,
      vcpus: vm.spec.vcpus,
      memoryBytes: vm.spec.memoryBytes,
      diskBytes: 0,
      machine: vm.machine,
      cpuModel: "Nehalem",
      accelerator: vm.accelerator,
      qemuVersion: this.qemuVersion,
      bridges: [],
      meshId: `mesh-${this.meshName}`,
      ...(vm.spec.gpus === undefined ? {} : { gpus: vm.spec.gpus }),
    };
    const gpus = { ports: gpuPortsFor(vm.spec), plugged: vm.gpus?.length ?? 0, blockers: ["VFIO cannot migrate"] };
    return { needs, state: vm.state, blockers: [], ...(vm.spec.gpus === undefined ? {} : { gpus }) };
  }

  private async checkMove(needs: VerbTypes["checkMove"]["body"]): Promise<VerbTypes["checkMove"]["answer"]> {
    return {
      gpuReasons: await this.gpus.reasonsAgainst(needs.vmId, needs),
      nodeId: this.nodeId,
      reachableInMesh: true,
      meshId: `mesh-${this.meshName}`,
      qemuVersion: this.qemuVersion,
      machines: ["pc-q35-9.2"],
      accelerators: ["tcg"],
      availableMemoryBytes: 2 ** 32,
      cpus: 4,
      storageFreeBytes: 2 ** 36,
      missingBridges: [],
    };
  }

  private async moveVm(vmId: string, body: VerbTypes["moveVm"]["body"]): Promise<Operation> {
    const known = this.operations.get(body.operationId);
    if (known !== undefined) return known;
    const vm = this.vms.get(vmId);
    const destination = this.world.byId(body.destination.nodeId);
    if (vm === undefined || !destination.expected.has(body.operationId))
      throw new LeeaError({ code: "NOT_ALLOWED_NOW", message: "not expected there" });
    this.vms.delete(vmId);
    await this.gpus.take(vmId, []);
    const generation = vm.generation + 1;
    this.moved.set(vmId, { nodeId: destination.nodeId, generation, connection: body.destinationConnection });
    const figures = {
      mode: body.migration?.mode === "cold" ? ("cold" as const) : ("live" as const),
      from: this.nodeId,
      to: destination.nodeId,
      totalMs: 900,
      downtimeMs: 32,
      ramBytes: 1,
      diskBytes: 1,
      passes: 2,
    };
    destination.moved.delete(vmId);
    const gpus = gpusOnNode(vm.spec, destination.nodeId);
    await destination.gpus.take(vmId, gpus);
    const there = vm.gpus === undefined ? {} : { gpus: vm.state === "running" ? gpus : [] };
    destination.vms.set(vmId, { ...vm, ...there, nodeId: destination.nodeId, generation, lastMigration: figures });
    return this.operate(body.operationId, "move-vm");
  }

  private fail(operationId: string, kind: Operation["kind"], error: NonNullable<Operation["error"]>): Operation {
    return this.operate(operationId, kind, { state: "failed", error });
  }

  private operate(operationId: string, kind: Operation["kind"], end: Partial<Operation> = {}): Operation {
    const known = this.operations.get(operationId);
    if (known !== undefined) return known;
    const operation: Operation = {
      operationId,
      kind,
      state: "succeeded",
      progress: { phase: "finish" },
      startedAtMs: 0,
      ...end,
    };
    this.operations.set(operationId, operation);
    return operation;
  }
}
