// The verbs of GPU partitions through the agent's own table: what preview hears and what apply does are one rule, an
// operation survives its agent, and a host with partitions does not leave.

import type { Agent } from "../../../../provider/agent/agent";
import { resumeGpuWork } from "../../../../provider/agent/gpu/resume-gpu-work";
import {
  type ControlVerb,
  controlHandlers,
  type RequestOf,
} from "../../../../provider/agent/handlers/control-handlers";
import { checkBody } from "../../../../provider/agent/http/check-body";
import type { PartitionSpec } from "../../../../provider/model/gpu/partition-record";
import type { PartitionReport } from "../../../../provider/protocol/gpu";
import type { Operation } from "../../../../provider/protocol/operation";
import { type FakeHostAgent, fakeHostAgent } from "../../../fakes/fake-host-agent";
import { cardWithAudio, displayCard, mdevCard, sriovCard, vendorCard } from "../../../fakes/pci/fake-card";
import { FakePciHost } from "../../../fakes/pci/fake-pci-host";
import { partitionId } from "./gpu-lab";

interface Rig extends FakeHostAgent {
  readonly pci: FakePciHost;
}

function rig(): Rig {
  const host = fakeHostAgent();
  return { ...host, pci: new FakePciHost(host.system) };
}

const id = partitionId("a");
const spec = (change: Partial<PartitionSpec> = {}): PartitionSpec => ({ name: "g", mode: "auto", ...change });
const putBody = (change: Partial<PartitionSpec>) => ({
  operationId: "put-000001",
  owner: "acme/shop/prod",
  logicalName: "g",
  spec: spec(change),
  creating: true,
});

function call<V extends ControlVerb>(agent: Agent, verb: V, body?: unknown) {
  if (body !== undefined) checkBody(verb, body);
  const handler = controlHandlers[verb] as (
    agent: Agent,
    request: RequestOf<V>,
  ) => ReturnType<(typeof controlHandlers)[V]>;
  return handler(agent, { verb, params: { partitionId: id }, body } as unknown as RequestOf<V>);
}

async function finish(agent: Agent, operation: Operation): Promise<Operation> {
  return agent.operations.wait(operation.operationId);
}

test("what preview says is what apply makes, and the result is read back", async () => {
  const { pci, restart } = rig();
  pci.plug(displayCard, sriovCard, mdevCard);
  const agent = await restart();
  const body = putBody({ address: "0000:01:00.0" });
  const checked = await call(agent, "checkGpuPartition", { spec: body.spec });
  expect(checked).toEqual({
    reasons: [],
    troubles: [],
    choice: {
      mode: "sriov",
      device: "0000:01:00.0",
      part: "VF 0 of 0000:01:00.0",
      because: "the device has VFs, each a part of its own behind the IOMMU",
      passedOver: [],
    },
  });
  expect(pci.writes).toEqual([]);
  const done = await finish(agent, await call(agent, "putGpuPartition", body));
  expect(done).toMatchObject({ state: "succeeded", partitionId: id });
  const answer = await call(agent, "getGpuPartition");
  expect(answer).toEqual({ found: "here", report: done.result });
  const again = await call(agent, "checkGpuPartition", { spec: body.spec });
  expect(again.choice).toMatchObject({ mode: "sriov", because: "it is made already" });
  await finish(agent, await call(agent, "deleteGpuPartition", { operationId: "delete-01", incarnation: 1 }));
  expect(await call(agent, "getGpuPartition")).toEqual({ found: "absent" });
});

test("what cannot be had is told by preview with every reason and its name, and by apply with the same", async () => {
  const { pci, restart } = rig();
  pci.plug(
    { ...displayCard, classCode: "030000", isBootDisplay: true, resetMethods: "" },
    {
      ...displayCard,
      address: "0000:02:01.0",
      group: "33",
    },
  );
  const agent = await restart();
  const body = putBody({ address: "0000:02:00.0" });
  const { reasons, troubles } = await call(agent, "checkGpuPartition", { spec: body.spec });
  expect(troubles).toEqual(["host-uses-device", "no-reset"]);
  const failed = await finish(agent, await call(agent, "putGpuPartition", body));
  expect(failed).toMatchObject({ state: "failed", error: { code: "PREFLIGHT_FAILED", details: { reasons } } });
  expect(pci.writes).toEqual([]);
});

test("the inventory tells of each GPU what it is, what it offers, who has it, and what the host lacks", async () => {
  const { pci, restart, system } = rig();
  system.put("/usr/share/misc/pci.ids", "10de  NVIDIA Corporation\n\t2335  GH100 [H200 SXM 141GB]\n");
  system.put("/proc/interrupts", "  24:  0  PCI-MSI 0-edge\n");
  pci.plug(displayCard, ...cardWithAudio, mdevCard, vendorCard);
  const agent = await restart();
  await finish(agent, await call(agent, "putGpuPartition", putBody({ address: "0000:05:00.0", profile: "large" })));
  const { missing, gpus, partitions } = await call(agent, "listGpus");
  expect(missing.map(({ trouble }) => trouble)).toEqual(["no-interrupt-remapping"]);
  expect(gpus.map(({ address }) => address)).toEqual(["0000:02:00.0", "0000:03:00.0", "0000:05:00.0", "0000:41:00.0"]);
  expect(gpus[1]).toMatchObject({ kind: "VGA controller", driver: "nouveau", groupMembers: ["0000:03:00.1"] });
  expect(gpus[2]).toMatchObject({
    claims: ['GpuPartition "g" of acme/shop/prod'],
    profiles: [
      { id: "mbochs-large", available: 3 },
      { id: "mbochs-medium", available: 12 },
      { id: "mbochs-small", available: 48 },
    ],
  });
  expect(gpus[3]).toMatchObject({
    vendor: "NVIDIA",
    model: "GH100 [H200 SXM 141GB]",
    totalVfs: 4,
    usedVfs: 0,
    bars: [{ index: 0, sizeBytes: 16 * 2 ** 20 }],
    hostUse: [],
  });
  expect(partitions).toMatchObject([{ partitionId: id, state: "ready", mode: "mdev" }]);
});

test("an operation that was cut off ends under its own id with what it has made", async () => {
  const { pci, restart, system } = rig();
  pci.plug(displayCard);
  const before = String(pci);
  const agent = await restart();
  let isDead = false;
  system.beforeAct = (act) => {
    if (act.startsWith("run tee /sys/bus/pci/drivers_probe")) isDead = true;
    if (isDead) throw new Error("dead");
  };
  // The agent dies between unbind and bind: it writes no result either.
  void call(agent, "putGpuPartition", putBody({ address: "0000:02:00.0" }));
  await until(() => isDead);
  expect(pci.functions.get("0000:02:00.0")?.driver).toBeUndefined();
  isDead = false;
  system.beforeAct = () => undefined;
  const later = await restart();
  const interrupted = [later.operations.get("put-000001")];
  expect(interrupted).toMatchObject([{ state: "running", partitionId: id }]);
  await resumeGpuWork(later, interrupted);
  const ended = await later.operations.wait("put-000001");
  expect(ended.state).toBe("succeeded");
  expect((ended.result as PartitionReport).state).toBe("ready");
  await finish(later, await call(later, "deleteGpuPartition", { operationId: "delete-01", incarnation: 1 }));
  expect(String(pci)).toBe(before);
});

test("a host with partitions does not leave, and names them", async () => {
  const { pci, restart } = rig();
  pci.plug(displayCard);
  const agent = await restart();
  await finish(agent, await call(agent, "putGpuPartition", putBody({ address: "0000:02:00.0" })));
  const left = await finish(agent, await call(agent, "leaveNode", { operationId: "leave-0001" }));
  expect(left).toMatchObject({
    state: "failed",
    error: { code: "IN_USE", message: expect.stringContaining('GpuPartition "g" of acme/shop/prod') },
  });
});

test.each([
  ["a path for an address", { address: "../../etc" }],
  ["an address in other spelling", { address: "01:00.0" }],
  ["a type of two lines", { profile: "a\nb" }],
  ["no VF", { vfs: 0 }],
  ["a name with a comma", { name: "g,x=y" }],
  ["an unknown mode", { mode: "vgpu" }],
  ["an unknown field", { driver: "nvidia" }],
])("%s is refused before anything is done", (_, change) => {
  expect(() => checkBody("checkGpuPartition", { spec: { ...spec(), ...change } })).toThrow(
    expect.objectContaining({ code: "INPUT_INVALID" }),
  );
});

async function until(isTrue: () => boolean): Promise<void> {
  const deadline = Date.now() + 10_000;
  while (!isTrue()) {
    if (Date.now() > deadline) throw new Error("it did not come to be");
    await new Promise((resolve) => setImmediate(resolve));
  }
}
