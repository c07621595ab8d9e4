// Hosts as a survey finds them, for tests of what is made from surveys: no host is asked.

import type { AnsweringHost, SilentHost } from "../../../provider/cli/hosts/survey";
import type { NodeReport } from "../../../provider/protocol/node";
import type { Operation } from "../../../provider/protocol/operation";
import type { MovedVm, VmReport } from "../../../provider/protocol/vm";
import { someSpec } from "../../fakes/fake-host-agent";

/** A node id for a name. */
export const idOf = (name: string): string => `${name}-abcdefg2`;

/** A VM's report, changed as asked. */
export function someReport(change: Partial<VmReport> = {}): VmReport {
  return {
    vmId: "a".repeat(26),
    owner: "o/p/s",
    logicalName: "web",
    nodeId: idOf("a"),
    state: "running",
    generation: 1,
    incarnation: 1,
    spec: someSpec({ name: "web" }),
    address: "10.92.0.7",
    accelerator: "kvm",
    machine: "pc-q35-10.0",
    ...change,
  };
}

/** A running move, changed as asked. */
export function someMove(change: Partial<Operation> = {}): Operation {
  const progress = { phase: "precopy", bytesDone: 50, bytesTotal: 100, bytesPerSecond: 2 ** 20, secondsLeft: 3 };
  return { operationId: "move-00000001", kind: "move-vm", state: "running", progress, startedAtMs: 0, ...change };
}

/** A host that answers. */
export function answering(
  name: string,
  parts: {
    vms?: readonly VmReport[];
    moved?: readonly MovedVm[];
    operations?: readonly Operation[];
    node?: Partial<NodeReport>;
  } = {},
): AnsweringHost {
  const node = {
    identity: { nodeId: idOf(name), fingerprint: "f", publicKey: "k" },
    name,
    memoryBytes: 8 * 2 ** 30,
    availableMemoryBytes: 4 * 2 ** 30,
    agentVersion: "0.1.0",
    bundleHash: "0123456789abcdef",
    missingPackages: [],
    conflicts: [],
    links: [],
    mesh: { name: "m" },
    ...parts.node,
  } as unknown as NodeReport;
  return {
    answers: true,
    label: `10.0.0.${name.charCodeAt(0)}`,
    connection: { host: `10.0.0.${name.charCodeAt(0)}`, port: 22, user: "root" },
    session: undefined as never,
    node,
    vms: parts.vms ?? [],
    moved: parts.moved ?? [],
    operations: new Map((parts.operations ?? []).map((each) => [each.operationId, each])),
  };
}

/** A host that does not. */
export function silent(name: string): SilentHost {
  return {
    answers: false,
    label: `10.0.0.${name.charCodeAt(0)}`,
    connection: { host: `10.0.0.${name.charCodeAt(0)}`, port: 22, user: "root" },
    reason: "connect ETIMEDOUT",
    code: "HOST_UNREACHABLE",
    expectNodeId: idOf(name),
  };
}

/** Names of fields of the value, at any depth, that a documented shape does not hold. */
export function undocumentedFields(value: unknown, shape: string): string[] {
  const names = new Set<string>();
  JSON.stringify(value, (name, field: unknown) => (names.add(name), field));
  return [...names].filter((name) => !/^\d*$/.test(name) && !new RegExp(`\\b${name}\\??:`).test(shape));
}
