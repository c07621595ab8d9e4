// A host's life as a front door drives it: joined, linked, upgraded, left; never replaced, never somebody else's.

import type { KnownState, Values } from "../../../provider/controller/handlers/handler-context";
import { meshNodeHandler } from "../../../provider/controller/handlers/mesh-node";
import { FakeWorld } from "../../fakes/fake-hosts";

const connectionTo = (host: string) => ({ host, port: 22, user: "root" });
let world: FakeWorld;

beforeEach(() => {
  world = new FakeWorld(["a", "b", "c"]);
});
afterEach(() => {
  expect(world.openSessions).toBe(0);
});

async function declare(name: string, peers: readonly string[], change: Values = {}): Promise<Values> {
  const references = peers.map((peer) => ({ id: world.host(peer).nodeId, connection: connectionTo(peer) }));
  const declared = {
    owner: "o/p/s",
    name,
    connection: connectionTo(name),
    mesh: { name: "prod" },
    peers: references,
    ...change,
  };
  const { inputs, problems } = await meshNodeHandler.check(declared, undefined, world.context());
  expect(problems).toEqual([]);
  return inputs;
}

async function make(
  name: string,
  peers: readonly string[],
  change: Values = {},
): Promise<{ id: string; state: KnownState }> {
  const inputs = await declare(name, peers, change);
  const { id, outputs } = await meshNodeHandler.create(inputs, world.context(), () => undefined);
  return { id, state: { inputs, outputs } };
}

describe("a new host", () => {
  it("founds its mesh where it has no peers", async () => {
    const { id, state } = await make("a", []);
    expect(id).toBe(world.host("a").nodeId);
    expect(state.outputs).toMatchObject({ state: "ready", links: [], agentVersion: "0.2.0+11111111" });
  });

  it("joins by a peer's word and knows the port of the other end", async () => {
    await make("a", []);
    const { state } = await make("b", ["a"]);
    expect(state.outputs["links"]).toEqual([world.host("a").nodeId]);
    expect(world.host("b").links.get(world.host("a").nodeId)).toBe(51_820);
    expect(world.host("a").links.get(world.host("b").nodeId)).toBe(51_820);
  });

  it("is served by another peer where one does not answer, and the link is made later", async () => {
    await make("a", []);
    await make("b", ["a"]);
    world.host("a").isUp = false;
    const { id, state } = await make("c", ["a", "b"]);
    expect(world.notes.at(-1)).toContain("does not answer");
    expect(state.outputs["links"]).toEqual([world.host("b").nodeId]);
    world.host("a").isUp = true;
    const plan = await meshNodeHandler.diff(id, state, state.inputs, world.context());
    expect(plan.lines[0]).toContain("is missing");
    const after = await meshNodeHandler.update(id, state, state.inputs, world.context());
    expect(after.outputs["links"]).toHaveLength(2);
    expect((await meshNodeHandler.diff(id, after, after.inputs, world.context())).hasChanges).toBe(false);
  });

  it("fails where no peer answers, and is left without a trace", async () => {
    await make("a", []);
    world.host("a").isUp = false;
    const reached: string[] = [];
    const inputs = await declare("b", ["a"]);
    await expect(meshNodeHandler.create(inputs, world.context(), (id) => reached.push(id))).rejects.toMatchObject({
      code: "HOST_UNREACHABLE",
    });
    expect(reached).toEqual([]);
    expect(world.host("b").hasAgent).toBe(false);
    world.host("a").isUp = true;
    const { outputs } = await meshNodeHandler.create(inputs, world.context(), () => undefined);
    expect(outputs["state"]).toBe("ready");
  });

  it("gets its packages where setup is on, and names them in one line where it is off", async () => {
    world.host("a").missing = [
      { package: "bird2", program: "bird", neededFor: "routing" },
      { package: "dnsmasq-base", program: "dnsmasq", neededFor: "addresses" },
    ];
    const off = await declare("a", [], { setup: false });
    await expect(meshNodeHandler.create(off, world.context(), () => undefined)).rejects.toMatchObject({
      code: "PACKAGES_MISSING",
      hint: "Run on it as root: apt-get install --no-install-recommends -y bird2 dnsmasq-base",
    });
    await make("a", []);
    expect(world.notes).toContain("a: installs bird2, dnsmasq-base");
  });

  it("is refused while something on it stands in the way, by name", async () => {
    world.host("a").conflicts = [{ what: "ufw drops forwarded packets", mend: "ufw route allow in on leeat+" }];
    await expect(make("a", [])).rejects.toMatchObject({
      code: "NETWORK_CONFLICT",
      message: expect.stringContaining("ufw drops forwarded packets: ufw route allow"),
    });
  });

  it("is refused where another stack declares it", async () => {
    await make("a", []);
    await expect(make("a", [], { owner: "o/p/other" })).rejects.toMatchObject({
      code: "CONFLICT",
      message: expect.stringContaining("o/p/s"),
    });
  });

  it("is refused where its peer is in another mesh", async () => {
    await make("a", []);
    await expect(make("b", ["a"], { mesh: { name: "test" } })).rejects.toMatchObject({ code: "CONFLICT" });
  });
});

describe("a changed host", () => {
  it("is upgraded by an update that preview shows", async () => {
    const { id, state } = await make("a", []);
    world.agentHash = "22222222bbbbbbbb";
    const plan = await meshNodeHandler.diff(id, state, state.inputs, world.context());
    expect(plan).toEqual({
      hasChanges: true,
      replaces: [],
      lines: ["a: is updated, because agentVersion: 0.2.0+11111111 => 0.2.0+22222222"],
    });
    const after = await meshNodeHandler.update(id, state, state.inputs, world.context());
    expect(after.outputs["agentVersion"]).toBe("0.2.0+22222222");
  });

  it("gains and loses links with its peers", async () => {
    await make("a", []);
    await make("b", ["a"]);
    const { id, state } = await make("c", ["b"]);
    const after = await meshNodeHandler.update(id, state, await declare("c", ["a"]), world.context());
    expect(after.outputs["links"]).toEqual([world.host("a").nodeId]);
    expect([...world.host("b").links.keys()]).toEqual([world.host("a").nodeId]);
  });

  it("is an error where another machine answers at its address", async () => {
    const { id, state } = await make("a", []);
    world.host("a").fingerprint = "zzzzzzzz";
    const moved = await declare("a", [], { connection: { ...connectionTo("a"), port: 2222 } });
    await expect(meshNodeHandler.update(id, state, moved, world.context())).rejects.toMatchObject({
      code: "IDENTITY_CHANGED",
    });
    await expect(meshNodeHandler.read(id, state, world.context())).rejects.toMatchObject({ code: "IDENTITY_CHANGED" });
  });
});

describe("a host that leaves", () => {
  it("is refused while a VM is on it, with the VM's stack and name", async () => {
    const { id, state } = await make("a", []);
    const vm = { vmId: "x", owner: "o/other/s", spec: { name: "web" } };
    world.host("a").vms.set("x", vm as never);
    await expect(meshNodeHandler.delete(id, state, world.context())).rejects.toMatchObject({
      code: "IN_USE",
      message: expect.stringContaining('VM "web" of o/other/s'),
    });
    expect(world.host("a").hasAgent).toBe(true);
  });

  it("takes its end and its peers' ends of the links, and its agent, with it; twice is fine", async () => {
    await make("a", []);
    const { id, state } = await make("b", ["a"]);
    await meshNodeHandler.delete(id, state, world.context());
    expect(world.host("a").links.size).toBe(0);
    expect(world.host("b").hasAgent).toBe(false);
    await meshNodeHandler.delete(id, state, world.context());
    expect(world.host("b").hasAgent).toBe(false);
  });

  it("leaves again where a first delete died after the mesh and before the rest", async () => {
    const { id, state } = await make("a", []);
    world.host("a").meshName = undefined;
    world.forgetCalls();
    await meshNodeHandler.delete(id, state, world.context());
    expect(world.calls()).toContain("a leaveNode");
    expect(world.host("a").hasAgent).toBe(false);
  });

  it("says what to do where it does not answer", async () => {
    const { id, state } = await make("a", []);
    world.host("a").isUp = false;
    await expect(meshNodeHandler.delete(id, state, world.context())).rejects.toMatchObject({
      code: "HOST_UNREACHABLE",
      hint: expect.stringContaining("pulumi state delete"),
    });
  });

  it("keeps its last state where it does not answer a read", async () => {
    const { id, state } = await make("a", []);
    world.host("a").isUp = false;
    expect((await meshNodeHandler.read(id, state, world.context()))?.outputs).toEqual({
      ...state.outputs,
      state: "unreachable",
    });
  });
});
