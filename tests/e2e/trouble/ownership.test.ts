// Who may have what: VMs and hosts that belong to another stack, deletes that come late, a host that is not the one it was,
// and hosts that do not answer. Nothing of another's is ever touched, and what cannot be known is never guessed.

import { bootHost, killHost, reinstallHost } from "../../../provider/cli/lab/lab";
import type { KnownState, Values } from "../../../provider/controller/handlers/handler-context";
import { meshNodeHandler } from "../../../provider/controller/handlers/mesh-node";
import { vmHandler } from "../../../provider/controller/handlers/vm";
import { runInside } from "../enter-lab";
import { checkNode, closeWorld, connectionTo, nodeOf, openWorld, owner, type World, withAgent } from "../world/world";
import {
  checkVm,
  declareHost,
  declareVm,
  errorOf,
  forgetConnections,
  listProcesses,
  listVmTraces,
  type Made,
  makeNode,
  makeVm,
} from "./trouble-rig";

jest.setTimeout(120_000);
const stranger = "acme/other/prod";
let world: World;
let vm: Made;

beforeAll(async () => {
  world = await openWorld("ownership", ["a", "b"]);
  for (const host of ["a", "b"]) await runInside(world.lab, host, "rm -f /dev/kvm");
  await makeNode(world, "a");
  await makeNode(world, "b", {}, ["a"]);
  vm = await makeVm(world, "web", "a");
});

afterAll(() => closeWorld(world));

const pidOf = (id: string, host = "a") => runInside(world.lab, host, `pgrep -f "[g]uest=leea-${id}"`);

/** What the host says of the VM. */
async function report(id: string) {
  const answer = await withAgent(world, "a", (session) => session.call("getVm", { params: { vmId: id } }));
  if (answer.found !== "here") throw new Error(`the VM is ${answer.found}`);
  return answer.report;
}

describe("a VM of the same id", () => {
  test("#23 that another stack asks for is refused with the owner's name, and the VM goes on", async () => {
    const before = [await pidOf(vm.id), await listVmTraces(world, "a")];
    const { spec } = await report(vm.id);
    const body = {
      operationId: "stranger-put-1",
      owner: stranger,
      logicalName: "web",
      spec,
      creating: true,
      allowDataLoss: true,
    };
    await withAgent(world, "a", async (session) => {
      const { reasons } = await session.call("checkVm", { params: { vmId: vm.id }, body });
      expect(reasons).toEqual([expect.stringContaining(`belongs to ${owner}`)]);
      const operation = await session.call("putVm", { params: { vmId: vm.id }, body });
      expect(await errorOf(session.follow(operation))).toMatchObject({
        code: "CONFLICT",
        message: expect.stringContaining(owner),
        hint: expect.stringContaining("another name"),
      });
      const params = { vmId: vm.id };
      const deletion = await session.call("deleteVm", {
        params,
        body: { operationId: "stranger-delete-1", owner: stranger, incarnation: 99 },
      });
      expect(await errorOf(session.follow(deletion))).toMatchObject({
        code: "CONFLICT",
        message: expect.stringContaining(owner),
      });
    });
    expect([await pidOf(vm.id), await listVmTraces(world, "a")]).toEqual(before);
  });

  test("and name in another stack is another VM", async () => {
    const inputs = await checkVm(world, {
      ...declareVm(world, "web", "a", { powerState: "stopped" }),
      owner: stranger,
    });
    const { id, outputs } = await vmHandler.create(inputs, world.context, () => undefined);
    expect(id).not.toBe(vm.id);
    expect(outputs["address"]).not.toBe(vm.known.outputs["address"]);
    await vmHandler.delete(id, { inputs, outputs }, world.context);
    expect((await report(vm.id)).state).toBe("running");
  });

  test("that its own stack makes again is adopted as it runs, and an old delete then touches nothing", async () => {
    const pid = await pidOf(vm.id);
    const old: KnownState = vm.known;
    vm = await makeVm(world, "web", "a");
    expect(await pidOf(vm.id)).toBe(pid);
    expect(vm.known.outputs["incarnation"]).toBe(Number(old.outputs["incarnation"]) + 1);
    await vmHandler.delete(vm.id, old, world.context);
    expect(await pidOf(vm.id)).toBe(pid);
    expect(await report(vm.id)).toMatchObject({ state: "running", incarnation: vm.known.outputs["incarnation"] });
  });
});

test("moving to the host that it is on does nothing", async () => {
  const pid = await pidOf(vm.id);
  const inputs = await checkVm(world, declareVm(world, "web", "a"), vm.known.inputs);
  expect(await vmHandler.diff(vm.id, vm.known, inputs, world.context)).toEqual({
    hasChanges: false,
    replaces: [],
    lines: [],
  });
  const after = await vmHandler.update(vm.id, vm.known, inputs, world.context);
  expect(after.outputs).toEqual(vm.known.outputs);
  expect(await pidOf(vm.id)).toBe(pid);
  // A VM that was moved by hand to where it is declared now: the state catches up and nothing moves.
  const believed = {
    ...vm.known,
    outputs: { ...vm.known.outputs },
    inputs: { ...vm.known.inputs, node: nodeOf(world, "b").id, nodeConnection: connectionTo(world, "b") },
  };
  const plan = await vmHandler.diff(vm.id, believed, inputs, world.context);
  expect(plan.replaces).toEqual([]);
  expect(plan.lines.join()).not.toContain("moves live");
});

describe("a host", () => {
  test("with a VM of another stack on it is not deleted, and says which VM of which stack", async () => {
    const inputs = await checkVm(world, { ...declareVm(world, "theirs", "b"), owner: stranger });
    const theirs = await vmHandler.create(inputs, world.context, () => undefined);
    const before = [await listProcesses(world, "b"), await listVmTraces(world, "b")];
    const error = await errorOf(meshNodeHandler.delete(nodeOf(world, "b").id, nodeOf(world, "b").known, world.context));
    expect(error).toMatchObject({
      code: "IN_USE",
      message: expect.stringContaining(`VM "theirs" of ${stranger}`),
      hint: expect.stringContaining("destroy them"),
    });
    expect([await listProcesses(world, "b"), await listVmTraces(world, "b")]).toEqual(before);
    const { mesh } = await withAgent(world, "b", (session) => session.call("getNode", {}));
    expect(mesh?.name).toBe("m");
    await vmHandler.delete(theirs.id, { inputs, outputs: theirs.outputs }, world.context);
  });

  test("that another stack declared is refused with its owner, and keeps its agent", async () => {
    const inputs = await checkNode(world, { ...declareHost(world, "a"), owner: stranger });
    const error = await errorOf(meshNodeHandler.create(inputs, world.context, () => undefined));
    expect(error).toMatchObject({ code: "CONFLICT", message: expect.stringContaining(`declared by ${owner}`) });
    expect((await report(vm.id)).state).toBe("running");
  });

  test("of another mesh is refused with both names", async () => {
    const inputs = await checkNode(world, declareHost(world, "a", { mesh: { name: "second" } }));
    const error = await errorOf(meshNodeHandler.create(inputs, world.context, () => undefined));
    expect(error).toMatchObject({
      code: "CONFLICT",
      message: expect.stringMatching(/in the mesh "m" already.*declared for "second"/),
    });
  });
});

describe("a host that does not answer", () => {
  // Asked all at once: a silent host costs each of them the whole time-out.
  let asked: Awaited<ReturnType<typeof askAll>>;
  let pid: string;

  async function askAll() {
    const { context } = world;
    const [a, b] = [nodeOf(world, "a"), nodeOf(world, "b")];
    const moved = await checkVm(world, declareVm(world, "web", "b"), vm.known.inputs);
    const made = await checkVm(world, declareVm(world, "new", "b"));
    const onB = { inputs: moved, outputs: { ...vm.known.outputs, currentNode: b.id } };
    const reached: string[] = [];
    const [preview, readA, readB, readWeb, readOnB, ...errors] = await Promise.all([
      vmHandler.diff(vm.id, vm.known, moved, context),
      meshNodeHandler.read(a.id, a.known, context),
      meshNodeHandler.read(b.id, b.known, context),
      vmHandler.read(vm.id, vm.known, context),
      vmHandler.read(vm.id, onB, context),
      errorOf(vmHandler.update(vm.id, vm.known, moved, context)),
      errorOf(vmHandler.create(made, context, (id) => void reached.push(id))),
      errorOf(meshNodeHandler.update(b.id, b.known, b.known.inputs, context)),
      errorOf(meshNodeHandler.delete(b.id, b.known, context)),
    ]);
    return { preview, readA, readB, readWeb, readOnB, onB, errors, reached };
  }

  beforeAll(async () => {
    pid = await pidOf(vm.id);
    forgetConnections();
    world.lab = await killHost(world.lab, "b");
    asked = await askAll();
  });

  test("is told in preview, which goes on", () => {
    expect(asked.preview).toMatchObject({ hasChanges: true, replaces: [] });
    expect(asked.preview.lines.join()).toMatch(
      /web: moves live from a to b, because node changed \(hosts could not be checked: .*198\.18\./,
    );
  });

  test("keeps its last state in a refresh, and the others are read", () => {
    expect(asked.readA?.outputs["state"]).toBe("ready");
    expect(asked.readWeb?.outputs["state"]).toBe("running");
    expect(asked.readB?.outputs).toEqual({ ...nodeOf(world, "b").known.outputs, state: "unreachable" });
    const kept = world.notes.filter((note) => note.includes("last known state is kept"));
    expect(kept.some((note) => note.startsWith("b: does not answer"))).toBe(true);
  });

  test("keeps the last state of its VMs", () => {
    const { inputs, outputs } = asked.onB;
    expect(asked.readOnB).toEqual({ inputs, outputs: { ...outputs, state: "unreachable" } });
  });

  test("ends every change with what to do, and the VM goes on where it is", async () => {
    for (const error of asked.errors)
      expect(error).toMatchObject({ code: "HOST_UNREACHABLE", hint: expect.stringMatching(/\w/) });
    expect(asked.errors.at(-1)?.hint).toContain(`take ${nodeOf(world, "b").id} and its VMs out of the state`);
    expect(asked.reached).toEqual([]);
    expect(await pidOf(vm.id)).toBe(pid);
  });
});

describe("a host that was installed anew at the same address", () => {
  let known: KnownState;
  let declared: Values;

  beforeAll(async () => {
    known = nodeOf(world, "b").known;
    forgetConnections();
    world.lab = await reinstallHost(await bootHost(world.lab, "b"), "b");
    declared = await checkNode(world, declareHost(world, "b", {}, ["a"]));
  });

  test("is stopped at by its changed SSH key, with what to do", async () => {
    for (const work of [
      meshNodeHandler.read(nodeOf(world, "b").id, known, world.context),
      meshNodeHandler.update(nodeOf(world, "b").id, known, known.inputs, world.context),
    ]) {
      expect(await errorOf(work)).toMatchObject({ code: "HOST_KEY_CHANGED", hint: expect.stringMatching(/\w/) });
    }
  });

  test("is no node, once its new key is declared: adopt it or forget the old one, and nothing is installed", async () => {
    const { id } = nodeOf(world, "b");
    const accepted = { ...known, inputs: { ...known.inputs, connection: declared["connection"] } };
    for (const work of [
      () => meshNodeHandler.update(id, known, declared, world.context),
      () => meshNodeHandler.read(id, accepted, world.context),
    ]) {
      const error = await errorOf(work());
      expect(error).toMatchObject({
        code: "IDENTITY_CHANGED",
        hint: expect.stringMatching(/connection\.host.*pulumi state delete/),
      });
      expect(error.text).toContain(id);
    }
    expect(await runInside(world.lab, "b", "ls -d /opt/leea /var/lib/leea /run/leea 2>/dev/null || true")).toBe("");
  });

  test("is another node when it has become one, and the old one's delete leaves it alone", async () => {
    const old = nodeOf(world, "b");
    const fresh = await makeNode(world, "b", {}, ["a"]);
    expect(fresh.id).not.toBe(old.id);
    const accepted = { ...known, inputs: { ...known.inputs, connection: declared["connection"] } };
    for (const work of [
      () => meshNodeHandler.update(old.id, accepted, declared, world.context),
      () => meshNodeHandler.read(old.id, accepted, world.context),
      () => meshNodeHandler.delete(old.id, accepted, world.context),
    ]) {
      expect(await errorOf(work())).toMatchObject({
        code: "IDENTITY_CHANGED",
        message: expect.stringContaining(fresh.id),
        hint: expect.stringContaining("pulumi state delete"),
      });
    }
    const { mesh } = await withAgent(world, "b", (session) => session.call("getNode", {}));
    expect(mesh?.name).toBe("m");
  });
});
