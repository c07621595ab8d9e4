// The GpuPartition handler over a host whose agent is the real code on a fake PCI bus: what a front door hears at each
// step, and what the host has become.

import type { Agent } from "../../../../provider/agent/agent";
import { type ControlVerb, controlHandlers } from "../../../../provider/agent/handlers/control-handlers";
import { checkBody } from "../../../../provider/agent/http/check-body";
import { checkParams } from "../../../../provider/agent/http/check-params";
import { gpuPartitionHandler as handler } from "../../../../provider/controller/handlers/gpu-partition";
import type { HandlerContext, KnownState, Values } from "../../../../provider/controller/handlers/handler-context";
import type { HostSession } from "../../../../provider/controller/host-session";
import { LeeaError } from "../../../../provider/model/errors";
import { unknownValue } from "../../../../provider/model/inputs/unknown-value";
import { fromWireError } from "../../../../provider/protocol/wire-error";
import { fakeHostAgent } from "../../../fakes/fake-host-agent";
import { displayCard, mdevCard, sriovCard } from "../../../fakes/pci/fake-card";
import { FakePciHost } from "../../../fakes/pci/fake-pci-host";

interface World {
  readonly pci: FakePciHost;
  readonly context: HandlerContext;
  readonly notes: string[];
  /** Verbs that the host was sent. */
  readonly calls: string[];
  isUp: boolean;
}

async function world(): Promise<World> {
  const { system, restart } = fakeHostAgent();
  const pci = new FakePciHost(system).plug(displayCard, sriovCard, mdevCard);
  const agent = await restart();
  const made: World = {
    pci,
    notes: [],
    calls: [],
    isUp: true,
    context: {
      programFolder: "/",
      report: { note: (subject, text) => void made.notes.push(`${subject}: ${text}`), progress: () => undefined },
      hosts: {
        open: async () => {
          if (made.isUp) return sessionOn(agent, made.calls);
          throw new LeeaError({ code: "HOST_UNREACHABLE", message: "nobody answers" });
        },
        removeAgent: async () => undefined,
        bundledAgentHash: () => "0",
      },
    },
  };
  return made;
}

/** A session that sends as the wire does: JSON both ways, parameters and bodies held to their shapes. */
function sessionOn(agent: Agent, calls: string[]): HostSession {
  return {
    hostLabel: "h1",
    protocol: 2,
    call: async (verb, { params = {}, body }) => {
      calls.push(verb);
      const onWire = body === undefined ? undefined : (JSON.parse(JSON.stringify(body)) as unknown);
      checkParams(params);
      if (onWire !== undefined) checkBody(verb, onWire);
      const handle = controlHandlers[verb as ControlVerb] as (agent: Agent, request: object) => Promise<never>;
      return handle(agent, { verb, params, body: onWire });
    },
    follow: async ({ operationId }) => {
      const ended = await agent.operations.wait(operationId);
      if (ended.error !== undefined) throw fromWireError(ended.error);
      return ended;
    },
    uploadImage: () => Promise.reject(new Error("no image is sent")),
    close: () => undefined,
  };
}

const declared = (change: Values = {}): Values => ({
  owner: "acme/shop/prod",
  logicalName: "g",
  node: "h-aaaaaaaa",
  nodeConnection: { host: "h1" },
  device: { address: "02:00.0" },
  ...change,
});

async function up(at: World, change: Values = {}): Promise<{ readonly id: string; readonly known: KnownState }> {
  const { inputs, problems } = await handler.check(declared(change), undefined, at.context);
  expect(problems).toEqual([]);
  const { id, outputs } = await handler.create(inputs, at.context, () => undefined);
  return { id, known: { inputs, outputs } };
}

test("create, read, the same again, delete: no diff in between, and the host as before", async () => {
  const at = await world();
  const before = String(at.pci);
  const { id, known } = await up(at, { device: { vendor: "1b36" }, vfs: 2 });
  expect(known.outputs).toMatchObject({
    partitionId: id,
    chosenMode: "sriov",
    address: "0000:01:00.1",
    functions: ["0000:01:00.1"],
    state: "ready",
    incarnation: 1,
  });
  expect(at.notes).toContain(
    "g: is sriov of VF 0 of 0000:01:00.0, because the device has VFs, each a part of its own behind the IOMMU",
  );
  const read = await handler.read(id, known, at.context);
  expect(read).toEqual(known);
  expect(await handler.diff(id, known, known.inputs, at.context)).toMatchObject({ hasChanges: false, lines: [] });
  await handler.delete(id, known, at.context);
  expect(String(at.pci)).toBe(before);
  expect(await handler.read(id, known, at.context)).toBeUndefined();
  await handler.delete(id, known, at.context);
});

test("a second create adopts it, and a delete of the first touches nothing", async () => {
  const at = await world();
  const first = await up(at);
  const adopted: boolean[] = [];
  const { inputs } = await handler.check(declared(), undefined, at.context);
  const second = await handler.create(inputs, at.context, (_, isAdopted) => void adopted.push(isAdopted));
  expect([second.id, second.outputs["incarnation"], adopted]).toEqual([first.id, 2, [true]]);
  await handler.delete(first.id, first.known, at.context);
  expect(at.pci.functions.get("0000:02:00.0")?.driver).toBe("vfio-pci");
});

test("what it is made of replaces it, its name does not, another spelling of an address is no change", async () => {
  const at = await world();
  const { id, known } = await up(at);
  const diff = async (change: Values) => {
    const { inputs } = await handler.check(declared(change), known.inputs, at.context);
    return handler.diff(id, known, inputs, at.context);
  };
  expect(await diff({ device: { address: "05:00.0" } })).toMatchObject({
    replaces: ["device.address"],
    lines: ["g: is released and made anew, because device.address changed (02:00.0 -> 05:00.0)"],
  });
  expect(await diff({ name: "h" })).toMatchObject({ hasChanges: true, replaces: [] });
  expect(await diff({ device: { address: "0000:02:00.0" } })).toMatchObject({
    hasChanges: false,
    equal: ["device.address"],
  });
  expect(await diff({ owner: "x/y/z", logicalName: "other" })).toMatchObject({ replaces: [] });
});

test("a new name is an update that the host keeps", async () => {
  const at = await world();
  const { id, known } = await up(at);
  const { inputs } = await handler.check(declared({ name: "h" }), known.inputs, at.context);
  const writes = at.pci.writes.length;
  const updated = await handler.update(id, known, inputs, at.context);
  expect(updated.outputs).toMatchObject({ incarnation: 1, state: "ready" });
  expect(at.pci.writes).toHaveLength(writes);
  const found = await handler.find({ nodeConnection: { host: "h1" }, name: "h" }, at.context);
  expect(found).toMatchObject({ id, state: { inputs: { name: "h", logicalName: "g" } } });
});

test("one that its host lost at a boot is seen by a refresh and made again by an update", async () => {
  const at = await world();
  const { id, known } = await up(at);
  at.pci.reboot();
  const read = await handler.read(id, known, at.context);
  expect(read?.outputs).toMatchObject({ state: "lost" });
  const lost = read ?? known;
  expect(await handler.diff(id, lost, lost.inputs, at.context)).toMatchObject({
    hasChanges: true,
    replaces: [],
    lines: ["g: is updated, because it is lost on its host and is made again"],
  });
  expect((await handler.update(id, lost, lost.inputs, at.context)).outputs).toMatchObject({ state: "ready" });
});

test("a preview of a new one says what it would be, or every reason against it, and changes nothing", async () => {
  const at = await world();
  const before = String(at.pci);
  expect(
    await handler.check(declared({ device: { vendor: "8086" }, profile: "large" }), undefined, at.context),
  ).toMatchObject({
    problems: [],
  });
  expect(at.notes).toEqual([expect.stringMatching(/^g: is mdev of large on 0000:05:00\.0, because .+; .*vendor-vfio/)]);
  const { problems } = await handler.check(declared({ mode: "sriov" }), undefined, at.context);
  expect(problems).toEqual([{ field: "device", message: "0000:02:00.0 has no SR-IOV" }]);
  expect([String(at.pci), at.pci.writes]).toEqual([before, []]);
  expect(new Set(at.calls)).toEqual(new Set(["getGpuPartition", "checkGpuPartition"]));
});

test("a preview asks nobody about what is known already, not known yet or wrong, and goes on without a host", async () => {
  const at = await world();
  const { known } = await up(at);
  at.calls.length = 0;
  await handler.check(declared(), known.inputs, at.context);
  await handler.check(declared({ node: unknownValue, nodeConnection: unknownValue }), undefined, at.context);
  await handler.check(declared({ mode: "sliced" }), undefined, at.context);
  expect(at.calls).toEqual([]);
  at.notes.length = 0;
  // One that is there is adopted, or goes before it is made anew: what would be chosen then cannot be told yet.
  expect((await handler.check(declared({ device: { address: "01:00.0" } }), undefined, at.context)).problems).toEqual(
    [],
  );
  expect([at.calls, at.notes]).toEqual([["getGpuPartition"], []]);
  at.isUp = false;
  expect((await handler.check(declared({ logicalName: "h" }), undefined, at.context)).problems).toEqual([]);
  expect(at.notes).toEqual(["h: its host could not be asked what it would be (nobody answers)"]);
});

test("what cannot be had is refused with every reason before the host is asked to make anything", async () => {
  const at = await world();
  const { inputs } = await handler.check(declared({ mode: "sriov" }), undefined, at.context);
  await expect(handler.create(inputs, at.context, () => undefined)).rejects.toMatchObject({
    code: "PREFLIGHT_FAILED",
    message: 'GpuPartition "g" on host "h1" cannot be had: 0000:02:00.0 has no SR-IOV',
    details: { trouble: "no-sriov" },
  });
  expect(at.calls).not.toContain("putGpuPartition");
});

test("a host that does not answer keeps the last state, and is not read as gone", async () => {
  const at = await world();
  const { id, known } = await up(at);
  at.isUp = false;
  const read = await handler.read(id, known, at.context);
  expect(read).toMatchObject({ inputs: known.inputs, outputs: { partitionId: id, state: "unreachable" } });
  await expect(handler.delete(id, known, at.context)).rejects.toMatchObject({ code: "HOST_UNREACHABLE" });
});

test("it is found by name or id without a state; what is found has no diff against its own declaration", async () => {
  const at = await world();
  const { id, known } = await up(at, { device: { vendor: "8086" }, profile: "large" });
  for (const name of ["g", id]) {
    const found = await handler.find({ node: "h-aaaaaaaa", nodeConnection: { host: "h1" }, name }, at.context);
    expect(found?.id).toBe(id);
    expect(found?.state.outputs).toEqual(known.outputs);
    const inputs = { ...found?.state.inputs, node: "h-aaaaaaaa" };
    expect((await handler.diff(id, known, inputs, at.context)).replaces).toEqual([]);
  }
  expect(await handler.find({ nodeConnection: { host: "h1" }, name: "other" }, at.context)).toBeUndefined();
});
