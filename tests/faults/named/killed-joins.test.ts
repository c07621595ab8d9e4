// A host joins a mesh and leaves it, and the provider or the host's agent is killed (kill -9) at each point of it. The next run
// makes the MeshNode whole, and once it has left, the host is as it was before anything.

import { existsSync } from "node:fs";
import { snapshotHost } from "../../../provider/cli/lab/lab";
import type { KnownState, Values } from "../../../provider/controller/handlers/handler-context";
import { meshNodeHandler } from "../../../provider/controller/handlers/mesh-node";
import { declareHost, makeNode } from "../../e2e/trouble/trouble-rig";
import { checkNode, closeWorld, nodeOf, openWorld, type World } from "../../e2e/world/world";
import { type AgentPoint, carryDyingAgent, endPlan, planDeath, pointsOf, whileDying } from "../lives/dying-agent";
import { atHostPoint, type HostPoint, joinPoints, leavePoints } from "../lives/host-points";
import { type Deed, startLife } from "../lives/provider-life";

jest.setTimeout(120_000);

const joinActs: readonly string[] = [
  "open 1",
  "getIdentity 1",
  "getNode 1",
  "checkMesh 1",
  "getNode 2",
  "open 2",
  "vouch 1",
  "putMesh 1",
  "getNode 3",
  "getNode 4",
  "vouch 2",
  "putLink 1",
  "putLink 2",
  "putLink 3",
  "getNode 5",
];
const leaveActs: readonly string[] = [
  "open 1",
  "getNode 1",
  "getNode 2",
  "getOperation 1",
  "leaveNode 1",
  "follow 1",
  "open 2",
  "deleteLink 1",
  "removeAgent 1",
];
const agentJoinPoints: readonly AgentPoint[] = [
  "before sync keys 1",
  "before sync keys 2",
  "before sync probe 1",
  "before sync mesh.json 1",
  "before sync net 1",
  "after start dnsmasq 1",
  "after start bird 1",
  "before sync node.json 1",
  "before sync node.json 2",
  "before sync keys 3",
  "before sync mesh.json 2",
  "after start wireguard-go 1",
  "before sync mesh.json 3",
  "after sync mesh.json 3",
];
const agentLeavePoints: readonly AgentPoint[] = [
  "before sync journal 1",
  "after remove run/wireguard 1",
  "after remove run/wireguard 2",
  "after remove run/net 1",
  "after remove run/net 2",
  "after remove run/net 3",
  "after remove run/net 4",
  "after remove run/net 5",
  "after remove net 1",
  "after remove run/bird 1",
  "after remove run/wireguard 3",
  "after remove mesh.json 1",
  "after remove /run/leea-vm 1",
  "after remove /srv/leea 1",
  "before sync node.json 1",
  "before sync journal 2",
  "after sync journal 2",
];

interface JoinedNode {
  readonly id: string;
  readonly known: KnownState;
}

/** Apart from what leea has anyway, so that it must be given back by itself. */
const storagePath = "/srv/leea";

let world: World;
let inputs: Values;
let before: string;

beforeAll(async () => {
  carryDyingAgent();
  world = await openWorld("killed-joins", ["a", "b"]);
  before = await snapshotHost(world.lab, "b");
  await makeNode(world, "a");
  inputs = await checkNode(world, declareHost(world, "b", { storagePath }, ["a"]));
});

afterAll(() => closeWorld(world));

async function join(): Promise<JoinedNode> {
  const { id, outputs } = await meshNodeHandler.create(inputs, world.context, () => undefined);
  return { id, known: { inputs, outputs } };
}

const leave = ({ id, known }: JoinedNode) => meshNodeHandler.delete(id, known, world.context);
const joinDeed = (): Deed => ({ type: "MeshNode", verb: "create", inputs });
const leaveDeed = ({ id, known }: JoinedNode): Deed => ({ type: "MeshNode", verb: "delete", id, known });

/** Links of the host that no deed is done on. */
async function linksOfPeer(): Promise<unknown> {
  const { id, known } = nodeOf(world, "a");
  return (await meshNodeHandler.read(id, known, world.context))?.outputs["links"];
}

/** The next run of a join that broke off: the host is in, linked both ways, and preview has no more to say. */
async function expectJoined(): Promise<JoinedNode> {
  const node = await join();
  expect(node.known.outputs).toMatchObject({ state: "ready", links: [nodeOf(world, "a").id] });
  expect(await linksOfPeer()).toEqual([node.id]);
  expect((await meshNodeHandler.diff(node.id, node.known, inputs, world.context)).hasChanges).toBe(false);
  return node;
}

async function expectLeft(node: JoinedNode): Promise<void> {
  await leave(node);
  expect(await snapshotHost(world.lab, "b")).toBe(before);
  const pid = world.lab.hosts.find(({ name }) => name === "b")?.pid;
  expect(existsSync(`/proc/${pid}/root${storagePath}`)).toBe(false);
  expect(await linksOfPeer()).toEqual([]);
}

/** Starts the deed in a provider that is killed when host b has come to the point. */
async function killAt(point: HostPoint, deed: Deed): Promise<boolean> {
  const life = startLife(world, deed);
  let reached = false;
  const stop = atHostPoint({ world, host: "b", point }, () => {
    reached = true;
    life.kill();
  });
  await life.ended.finally(stop);
  return reached;
}

const dieAt = <T>(point: AgentPoint, act: () => Promise<T>): Promise<T> => whileDying(world, { host: "b", point }, act);

test("these are all the acts and points of a join and of a leave", async () => {
  planDeath(world, "b", "nowhere");
  const joined = await startLife(world, joinDeed()).ended;
  const agentJoined = pointsOf(endPlan(world, "b").passed);
  const node = await expectJoined();
  planDeath(world, "b", "nowhere");
  const left = await startLife(world, leaveDeed(node)).ended;
  const agentLeft = pointsOf(endPlan(world, "b").passed);
  expect({ joined, agentJoined, left, agentLeft }).toEqual({
    joined: { acts: joinActs, end: "done" },
    agentJoined: agentJoinPoints,
    left: { acts: leaveActs, end: "done" },
    agentLeft: agentLeavePoints,
  });
  await expectLeft(node);
});

test.each(joinActs)("a join whose provider dies after its %s is made whole by the next one", async (act) => {
  expect((await startLife(world, joinDeed(), act).ended).end).toBe("killed");
  await expectLeft(await expectJoined());
});

test.each(joinPoints)("a join whose provider dies at its host's %s is made whole by the next one", async (point) => {
  expect(await killAt(point, joinDeed())).toBe(true);
  await expectLeft(await expectJoined());
});

test.each(agentJoinPoints)("a join whose agent dies %s is made whole by the next one", async (point) => {
  await dieAt(point, join);
  await expectLeft(await expectJoined());
});

test.each(leaveActs)("a leave whose provider dies after its %s is ended by the next one", async (act) => {
  const node = await join();
  expect((await startLife(world, leaveDeed(node), act).ended).end).toBe("killed");
  await expectLeft(node);
});

test.each(leavePoints)("a leave whose provider dies at its host's %s is ended by the next one", async (point) => {
  const node = await join();
  expect(await killAt(point, leaveDeed(node))).toBe(true);
  await expectLeft(node);
});

test.each(agentLeavePoints)("a leave whose agent dies %s is ended by the next one", async (point) => {
  const node = await join();
  await dieAt(point, () => leave(node));
  await expectLeft(node);
});
