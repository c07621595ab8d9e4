// Moves that go wrong at one place each: the guest always goes on at exactly one host, and the destination of a move
// that failed keeps nothing.

import { MoveWorld } from "../../fakes/move-world";

let world: MoveWorld;

beforeEach(async () => {
  world = await MoveWorld.open();
});
afterEach(async () => {
  expect(world.wire.violations).toEqual([]);
  await world.close();
});

const errorOf = () => world.agent("a").agent.operations.get(world.moveId).error;
const at = (act: string) => world.timeline.indexOf(act);

/** The VM runs on the source as before, and nothing is left on the destination. */
async function expectUndone(): Promise<void> {
  expect(world.running()).toEqual(["a"]);
  expect(world.record("a")).toMatchObject({ role: "owner", generation: 1 });
  const { ip, system, paths } = world.host("b");
  await world.agent("b").code.finishLeaving(world.vmId);
  expect([...ip.links.keys()]).toEqual([]);
  expect(ip.of(world.address)).toEqual([]);
  expect(system.runningDaemons()).toEqual([]);
  const isLeft = (path: string) => path.includes(world.vmId) && !path.includes("/decisions/"); // kept, to be told later
  const left = [...system.files.keys()].filter(isLeft);
  expect(left).toEqual([`${paths.state}/records/${world.vmId}.json`].filter((path) => system.files.has(path)));
  expect(world.host("a").ip.of(world.address)).toEqual([expect.stringMatching(/^main .* dev leeat/)]);
  expect([...(world.qemu("a")?.objects.keys() ?? [])]).toEqual([]);
}

/** Acts once, at the first time that the host's QEMU is told this. */
function onceAt(host: "a" | "b", command: string, act: () => void): void {
  const qemu = world.qemu(host);
  if (qemu === undefined) throw new Error(`no QEMU on ${host}`);
  const before = qemu.onCommand;
  let isDone = false;
  qemu.onCommand = (name, args) => {
    before(name, args);
    if (name !== command || isDone) return;
    isDone = true;
    act();
  };
}

test("a mesh that has no way to the destination yet is waited for", async () => {
  world.fate = (verb, count) => (verb === "readMove" && count <= 3 ? "no-route" : "arrive");
  expect(await world.move()).toBe("succeeded");
  expect(world.running()).toEqual(["b"]);
});

test("a disk copy that completes with an error is no copy: the guest goes on at the source", async () => {
  const source = world.qemu("a");
  if (source !== undefined) source.mirrorError = "No space left on device";
  expect(await world.move()).toBe("failed");
  expect(errorOf()).toMatchObject({
    code: "MOVE_FAILED",
    causes: ["the copy of disk 0 broke: No space left on device"],
  });
  expect(world.record("b")?.role).toBe("abandoned");
  expect(world.timeline).not.toContain("a asks grantMove");
  await expectUndone();
});

test("a destination whose QEMU dies while memory goes over leaves the guest running at the source", async () => {
  onceAt("a", "migrate", () => world.qemu("b")?.end());
  expect(await world.move()).toBe("failed");
  expect(world.timeline).not.toContain("a sync released");
  await expectUndone();
});

test("a destination whose QEMU dies while the guest stands at the gate leaves it running at the source", async () => {
  onceAt("a", "block-job-cancel", () => world.qemu("b")?.end());
  expect(await world.move()).toBe("failed");
  await expectUndone();
});

test("the destination's last acknowledgement that gets lost ends with the source alone running", async () => {
  world.wire.loseLastAck = true;
  expect(await world.move()).toBe("failed");
  expect(world.timeline).not.toContain("a asks grantMove");
  expect(world.record("b")?.role).toBe("abandoned");
  await expectUndone();
});

test("a destination that cannot start a QEMU leaves everything as it was", async () => {
  world.host("b").system.daemons.delete("qemu-system-x86_64");
  expect(await world.move()).toBe("failed");
  expect(errorOf()?.code).toBe("MOVE_FAILED");
  await expectUndone();
});

test("a guest that does not run is refused with the reason, before anything is made", async () => {
  const source = world.qemu("a");
  if (source !== undefined) source.status = "paused";
  expect(await world.move()).toBe("failed");
  expect(errorOf()).toMatchObject({ code: "PREFLIGHT_FAILED", message: expect.stringContaining("QEMU says paused") });
  expect(world.record("b")).toBeUndefined();
});

test("a cancel while disks are copied ends as cancelled, with the guest running at the source", async () => {
  onceAt("a", "blockdev-mirror", () => world.agent("a").agent.operations.cancel(world.moveId));
  expect(await world.move()).toBe("cancelled");
  await expectUndone();
});

test("a grant that is refused is taken back only after the destination synced that it never ran the guest", async () => {
  world.fate = (verb) => {
    if (verb === "grantMove") world.qemu("b")?.end();
    return "arrive";
  };
  expect(await world.move()).toBe("failed");
  expect(at("b sync abandoned")).toBeGreaterThan(at("a sync released"));
  expect(world.timeline.lastIndexOf("a sync owner")).toBeGreaterThan(at("b sync abandoned"));
  expect(at("a qmp cont")).toBeGreaterThan(world.timeline.lastIndexOf("a sync owner"));
  await expectUndone();
});

test("a grant whose answer is lost, at a destination that took it, ends as moved", async () => {
  world.fate = (verb) => (verb === "grantMove" ? "mute" : "arrive");
  expect(await world.move()).toBe("succeeded");
  expect(world.timeline.slice(at("a asks grantMove"))).toContain("a asks readMove");
  expect(world.running()).toEqual(["b"]);
  expect(world.record("a")?.role).toBe("former");
});

/** Where the guest runs and what the source's record says, at each call of a verb. */
function watchVerb(watched: string): string[] {
  const seen: string[] = [];
  const { fate } = world;
  world.fate = (verb, count) => {
    if (verb === watched) seen.push(`${world.record("a")?.role} ${world.running().join()}`);
    return fate(verb, count);
  };
  return seen;
}

test("a grant that is lost is sent again, and nobody runs the guest until it has been heard", async () => {
  world.fate = (verb, count) => (verb === "grantMove" && count < 3 ? "lose" : "arrive");
  const seen = watchVerb("grantMove");
  expect(await world.move()).toBe("succeeded");
  expect(seen).toEqual(["released ", "released ", "released "]);
  expect(world.running()).toEqual(["b"]);
});

test("a destination that says nothing after the release leaves the guest standing until it has said that it never ran it", async () => {
  let isSilent = false;
  world.fate = (verb, count) => {
    if (verb === "grantMove") {
      isSilent = true;
      world.qemu("b")?.end();
    }
    return isSilent && (verb === "grantMove" || (verb === "readMove" && count < 6)) ? "lose" : "arrive";
  };
  const seen = watchVerb("readMove");
  expect(await world.move()).toBe("failed");
  expect(seen.slice(1, 5)).toEqual(["released ", "released ", "released ", "released "]);
  await expectUndone();
});

test("a grant that comes after the destination gave up is refused, and the guest stays where it is", async () => {
  world.wire.loseLastAck = true;
  await world.move();
  const { agent } = world.agent("a");
  const late = agent.askPeer(world.host("b").node, "grantMove", {
    params: { moveId: world.moveId },
    body: { generation: 2 },
  });
  await expect(late).rejects.toMatchObject({ code: "PEER_REFUSED" });
  expect(world.running()).toEqual(["a"]);
});

test("a grant that comes again after the move has ended is refused, and changes nothing", async () => {
  await world.move();
  const { askPeer } = world.agent("a").agent;
  const again = askPeer(world.host("b").node, "grantMove", {
    params: { moveId: world.moveId },
    body: { generation: 3 },
  });
  await expect(again).rejects.toMatchObject({ code: "PEER_REFUSED" });
  expect(world.record("b")).toMatchObject({ role: "owner", generation: 2 });
  expect(world.running()).toEqual(["b"]);
});

test("a VM whose move was taken back can be moved again", async () => {
  world.fate = (verb, count) => {
    if (verb === "grantMove" && count === 1) world.qemu("b")?.end();
    return "arrive";
  };
  expect(await world.move()).toBe("failed");
  await world
    .agent("b")
    .agent.expected.expect({ moveId: "move-second", vmId: world.vmId, source: world.host("a").node });
  const { code, agent } = world.agent("a");
  const request = { owner: "o/p/s", destination: world.host("b").node, destinationConnection: {} };
  await code.beginMove(agent, world.vmId, { ...request, operationId: "move-second" });
  expect(await agent.operations.wait("move-second")).toMatchObject({ state: "succeeded" });
  expect(world.running()).toEqual(["b"]);
});

test("a host that was not told of a move hears nothing about it", async () => {
  const { code, agent } = world.agent("b");
  const request = { verb: "grantMove", params: { moveId: world.moveId }, body: { generation: 2 } } as const;
  await expect(code.answerPeer(agent, { ...request, callerFingerprint: "another" })).rejects.toMatchObject({
    code: "PEER_REFUSED",
  });
  expect(world.record("b")).toBeUndefined();
});

test("a VM that another move has already is not moved by a second one, and the first is named", async () => {
  await world.beginMove();
  const { code, agent } = world.agent("a");
  const second = code.beginMove(agent, world.vmId, {
    operationId: "move-another",
    owner: "o/p/s",
    destination: world.host("b").node,
    destinationConnection: {},
  });
  await expect(second).rejects.toMatchObject({ code: "NOT_ALLOWED_NOW", details: { operationId: world.moveId } });
  expect(await world.settled()).toBe("succeeded");
});

test("a VM that was deleted on the destination, and made anew on the source, moves to where its namesake was", async () => {
  const { agent } = world.agent("b");
  const record = world.agent("a").agent.records.get(world.vmId);
  if (record === undefined) throw new Error("a has no record of the VM");
  await agent.records.save({ ...record, role: "deleted", generation: 4, wantsToRun: false });
  expect(await world.move()).toBe("succeeded");
  expect(world.record("b")).toMatchObject({ role: "owner", generation: 2 });
  expect(world.running()).toEqual(["b"]);
});

test("a destination that has not heard that a move was given up hears it when the VM is to move again", async () => {
  world.wire.answers = "nothing";
  world.fate = (verb, count) => (verb === "abandonMove" && count === 1 ? "lose" : "arrive");
  expect(await world.move({ migration: { downtimeLimitMs: 30, stallTimeoutMs: 300 } })).toBe("failed");
  expect(world.host("a").system.files.has(`${world.host("a").paths.state}/moves/${world.moveId}.json`)).toBe(true);
  expect(world.record("b")?.role).toBe("incoming");
  const { code, agent } = world.agent("a");
  await code.describeSource(agent, world.vmId);
  expect(world.record("b")?.role).toBe("abandoned");
  expect(world.host("a").system.files.has(`${world.host("a").paths.state}/moves/${world.moveId}.json`)).toBe(false);
  await expectUndone();
});
