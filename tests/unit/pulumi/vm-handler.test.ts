// The VM's life as a front door drives it: made, moved, changed, found again, and never made anew unasked.

import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { KnownState, Values } from "../../../provider/controller/handlers/handler-context";
import { meshNodeHandler } from "../../../provider/controller/handlers/mesh-node";
import { vmHandler } from "../../../provider/controller/handlers/vm";
import { LeeaError } from "../../../provider/model/errors";
import type { Operation } from "../../../provider/protocol/operation";
import { FakeWorld } from "../../fakes/fake-hosts";

const connectionTo = (host: string) => ({ host, port: 22, user: "root" });
let world: FakeWorld;
let folder: string;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "leea-vm-"));
  writeFileSync(join(folder, "vmlinuz"), "kernel");
  world = new FakeWorld(["a", "b"]);
  await joinHost("a", []);
  await joinHost("b", ["a"]);
  world.forgetCalls();
});
afterEach(() => {
  // Every session that a handler opened was closed again.
  expect(world.openSessions).toBe(0);
  rmSync(folder, { recursive: true });
});

async function joinHost(name: string, peers: string[]): Promise<void> {
  const declared = {
    owner: "o/p/s",
    name,
    connection: connectionTo(name),
    mesh: { name: "prod" },
    peers: peers.map((peer) => ({ id: world.host(peer).nodeId, connection: connectionTo(peer) })),
  };
  const { inputs, problems } = await meshNodeHandler.check(declared, undefined, world.context(folder));
  expect(problems).toEqual([]);
  await meshNodeHandler.create(inputs, world.context(folder), () => undefined);
}

async function declare(change: Values = {}, host = "a", previous?: Values): Promise<Values> {
  const declared = {
    owner: "o/p/s",
    logicalName: "web",
    node: world.host(host).nodeId,
    nodeConnection: connectionTo(host),
    vcpus: 1,
    memory: "256MiB",
    boot: { kernel: "./vmlinuz" },
    ...change,
  };
  const { inputs, problems } = await vmHandler.check(declared, previous, world.context(folder));
  expect(problems).toEqual([]);
  return inputs;
}

async function make(inputs: Values): Promise<{ id: string; state: KnownState }> {
  const { id, outputs } = await vmHandler.create(inputs, world.context(folder), () => undefined);
  return { id, state: { inputs, outputs } };
}

describe("a new VM", () => {
  it("runs on its host and reports what the host says", async () => {
    const { id, state } = await make(await declare());
    expect(id).toMatch(/^[a-z2-7]{26}$/);
    expect(state.outputs).toMatchObject({
      vmId: id,
      currentNode: world.host("a").nodeId,
      state: "running",
      address: "10.92.0.7",
      generation: 1,
      incarnation: 1,
      isolation: "emulated",
    });
  });

  it("takes its logical name where it has none", async () => {
    expect((await declare())["name"]).toBe("web");
  });

  it("is adopted by a second create of the same owner, with a higher incarnation", async () => {
    const inputs = await declare();
    const first = await make(inputs);
    const second = await make(inputs);
    expect(second.id).toBe(first.id);
    expect(second.state.outputs["incarnation"]).toBe(2);
  });

  describe("that an earlier run is still deleting", () => {
    const deletion = { kind: "delete-vm", progress: { phase: "stop" }, startedAtMs: 0 } as const;

    async function leaveDeleting(end: Partial<Operation>): Promise<{ id: string; state: KnownState }> {
      const made = await make(await declare());
      const host = world.host("a");
      host.vms.delete(made.id);
      host.deletions.set(made.id, "delete-000001");
      host.operations.set("delete-000001", { ...deletion, operationId: "delete-000001", state: "succeeded", ...end });
      world.forgetCalls();
      return made;
    }

    it("is waited for by the next delete, and by the next create", async () => {
      const { id, state } = await leaveDeleting({});
      await vmHandler.delete(id, state, world.context(folder));
      expect(world.calls()).toEqual(["a getVm", "a getOperation"]);
      world.forgetCalls();
      await make(state.inputs);
      expect(world.calls().slice(0, 2)).toEqual(["a getVm", "a getOperation"]);
    });

    it("is not called gone where that deletion fails", async () => {
      const { id, state } = await leaveDeleting({
        state: "failed",
        error: { code: "TIMED_OUT", message: "QEMU does not end" },
      });
      await expect(vmHandler.delete(id, state, world.context(folder))).rejects.toMatchObject({ code: "TIMED_OUT" });
    });
  });

  it("is left alone by a delete that names an older incarnation", async () => {
    const inputs = await declare();
    const first = await make(inputs);
    await make(inputs);
    await vmHandler.delete(first.id, first.state, world.context(folder));
    expect(world.host("a").vms.size).toBe(1);
  });

  it("names every reason of a host that cannot run it, and makes nothing", async () => {
    world.host("a").checkReasons = ["no memory", "no bridge"];
    const inputs = await declare();
    const reached: string[] = [];
    await expect(vmHandler.create(inputs, world.context(folder), (id) => reached.push(id))).rejects.toMatchObject({
      code: "PREFLIGHT_FAILED",
      details: { reasons: ["no memory", "no bridge"] },
    });
    expect(reached).toEqual([]);
    expect(world.calls()).not.toContain("a putVm");
  });

  it("that failed half-way is known by its id, and made whole by the next update", async () => {
    world.host("a").failNextPut = new LeeaError({ code: "START_FAILED", message: "no" });
    const inputs = await declare();
    const reached: string[] = [];
    await expect(vmHandler.create(inputs, world.context(folder), (id) => reached.push(id))).rejects.toMatchObject({
      code: "START_FAILED",
    });
    const { outputs } = await vmHandler.update(reached[0]!, { inputs, outputs: {} }, inputs, world.context(folder));
    expect(outputs["state"]).toBe("running");
  });

  it("that was cut off has its create's own wish sent again, images and all, so that its work is joined", async () => {
    writeFileSync(join(folder, "root.raw"), Buffer.alloc(512));
    const inputs = await declare({ disks: [{ name: "root", size: "1MiB", image: "./root.raw" }] });
    const { id, state } = await make(inputs);
    const { outputs } = await vmHandler.update(id, { inputs, outputs: {} }, inputs, world.context(folder));
    expect(outputs["contents"]).toEqual(state.outputs["contents"]);
    const wishes = [...world.host("a").operations.keys()].map((operationId) => operationId.replace(/-[0-9]+$/, ""));
    expect(wishes).toEqual([wishes[0], wishes[0]]);
  });
});

describe("a changed node", () => {
  it("moves the VM live and keeps its id", async () => {
    const { id, state } = await make(await declare());
    const inputs = await declare({}, "b");
    const plan = await vmHandler.diff(id, state, inputs, world.context(folder));
    expect(plan).toEqual({
      hasChanges: true,
      replaces: [],
      lines: ["web: moves live from a to b, because node changed", expect.stringMatching(/^web: it can move live: /)],
    });
    const after = await vmHandler.update(id, state, inputs, world.context(folder));
    expect(after.outputs).toMatchObject({
      vmId: id,
      currentNode: world.host("b").nodeId,
      generation: 2,
      lastMigration: { downtimeMs: 32 },
    });
    expect(world.host("b").images.size).toBe(1);
    expect(world.calls()).not.toContain("b putVm");
  });

  it("moves first and restarts there where more changed", async () => {
    const { id, state } = await make(await declare());
    const inputs = await declare({ memory: "512MiB" }, "b");
    const plan = await vmHandler.diff(id, state, inputs, world.context(folder));
    expect(plan.lines[0]).toContain("then it restarts there, because memory changed (256MiB -> 512MiB)");
    await vmHandler.update(id, state, inputs, world.context(folder));
    expect(world.host("b").vms.get(id)?.spec.memoryBytes).toBe(2 ** 29);
  });

  it("is refused with every reason, and the VM stays", async () => {
    const { id, state } = await make(await declare());
    world.host("a").qemuVersion = "7.2.19";
    const inputs = await declare({}, "b");
    const plan = await vmHandler.diff(id, state, inputs, world.context(folder));
    expect(plan.lines[0]).toBe("web: cannot move live from a to b:");
    expect(plan.lines.at(-1)).toMatch(/^web: it can move cold: declare migration.mode: "cold"/);
    await expect(vmHandler.update(id, state, inputs, world.context(folder))).rejects.toMatchObject({
      code: "PREFLIGHT_FAILED",
      hint: expect.stringContaining('declare migration.mode: "cold"'),
    });
    expect(world.host("a").vms.has(id)).toBe(true);
    expect(world.calls()).not.toContain("a moveVm");
  });

  it("moves cold where that is declared with it, though a live move would be refused", async () => {
    const { id, state } = await make(await declare());
    world.host("a").qemuVersion = "7.2.19";
    const inputs = await declare({ migration: { mode: "cold" } }, "b");
    const plan = await vmHandler.diff(id, state, inputs, world.context(folder));
    expect(plan.lines[0]).toMatch(/^web: moves cold \(shuts down, .*\) from a to b, because node changed$/);
    const after = await vmHandler.update(id, state, inputs, world.context(folder));
    expect(after.outputs).toMatchObject({ currentNode: world.host("b").nodeId, state: "running" });
    expect(world.calls()).toContain("a moveVm");
    expect(world.host("b").vms.get(id)?.spec.migration.mode).toBe("cold");
  });

  it("moves a stopped VM as one that does not run, with nothing to ask for", async () => {
    const { id, state } = await make(await declare({ powerState: "stopped" }));
    const plan = await vmHandler.diff(id, state, await declare({ powerState: "stopped" }, "b"), world.context(folder));
    expect(plan.lines[0]).toBe("web: moves while stopped (its disks are copied) from a to b, because node changed");
  });

  it.each(["live", "forbid"])(
    "is an error under mode forbid, whichever it was before (%s), and no host is asked to move",
    async (mode) => {
      const { id, state } = await make(await declare({ migration: { mode } }));
      const inputs = await declare({ migration: { mode: "forbid" } }, "b");
      const refused = {
        code: "INPUT_INVALID",
        message: expect.stringContaining('node: cannot change, because migration.mode is "forbid"'),
      };
      await expect(vmHandler.diff(id, state, inputs, world.context(folder))).rejects.toMatchObject(refused);
      world.forgetCalls();
      await expect(vmHandler.update(id, state, inputs, world.context(folder))).rejects.toMatchObject(refused);
      expect(world.calls()).toEqual([]);
    },
  );

  it("moves again once forbid is lifted in the same change", async () => {
    const { id, state } = await make(await declare({ migration: { mode: "forbid" } }));
    const after = await vmHandler.update(id, state, await declare({}, "b"), world.context(folder));
    expect(after.outputs["currentNode"]).toBe(world.host("b").nodeId);
  });

  it("says in preview that a host could not be asked", async () => {
    const { id, state } = await make(await declare());
    world.host("b").isUp = false;
    const plan = await vmHandler.diff(id, state, await declare({}, "b"), world.context(folder));
    expect(plan.lines).toEqual([
      "web: moves live from a to b, because node changed (hosts could not be checked: Unable to reach b)",
    ]);
  });

  it("of a VM whose host is lost does not make it anew", async () => {
    const { id, state } = await make(await declare());
    world.host("a").isUp = false;
    await expect(vmHandler.update(id, state, await declare({}, "b"), world.context(folder))).rejects.toMatchObject({
      code: "HOST_UNREACHABLE",
    });
    expect(world.host("b").vms.size).toBe(0);
  });

  it("that only catches up with a move by hand moves nothing", async () => {
    const { id, state } = await make(await declare());
    const inputs = await declare({}, "b");
    const moved = await vmHandler.update(id, state, inputs, world.context(folder));
    world.forgetCalls();
    const plan = await vmHandler.diff(
      id,
      { inputs: state.inputs, outputs: moved.outputs },
      inputs,
      world.context(folder),
    );
    expect(plan.lines[0]).toContain("goes on running and is updated");
    const after = await vmHandler.update(
      id,
      { inputs: state.inputs, outputs: moved.outputs },
      inputs,
      world.context(folder),
    );
    expect(after.outputs["currentNode"]).toBe(world.host("b").nodeId);
    expect(world.calls()).not.toContain("a moveVm");
  });

  it("is found again after a move by hand, and moves back", async () => {
    const { id, state } = await make(await declare());
    await vmHandler.update(id, state, await declare({}, "b"), world.context(folder));
    const read = await vmHandler.read(id, state, world.context(folder));
    expect(read?.outputs["currentNode"]).toBe(world.host("b").nodeId);
    const inputs = await declare();
    const plan = await vmHandler.diff(id, read!, inputs, world.context(folder));
    expect(plan.lines[0]).toContain("web: moves live from b to a, because it is on");
    const back = await vmHandler.update(id, read!, inputs, world.context(folder));
    expect(back.outputs).toMatchObject({ currentNode: world.host("a").nodeId, generation: 3 });
  });
});

describe("other changes", () => {
  it("find nothing between equal declarations, and ask no host", async () => {
    const { id, state } = await make(await declare());
    world.forgetCalls();
    expect(await vmHandler.diff(id, state, await declare({ memory: "262144KiB" }), world.context(folder))).toEqual({
      hasChanges: false,
      replaces: [],
      lines: [],
    });
    expect(world.calls()).toEqual([]);
  });

  it("restart for a kernel with other content under the same path", async () => {
    const { id, state } = await make(await declare());
    writeFileSync(join(folder, "vmlinuz"), "newer");
    const plan = await vmHandler.diff(id, state, await declare(), world.context(folder));
    expect(plan.lines).toEqual(["web: restarts, because boot.kernel changed (same path, other content)"]);
  });

  it("of the way to the host check who answers there and touch nothing", async () => {
    const { id, state } = await make(await declare());
    world.forgetCalls();
    const inputs = await declare({ nodeConnection: { ...connectionTo("a"), port: 2222 } });
    await vmHandler.update(id, state, inputs, world.context(folder));
    expect(world.calls()).toEqual(["a getVm"]);
    const wrong = await declare({ nodeConnection: connectionTo("b") });
    await expect(vmHandler.update(id, state, wrong, world.context(folder))).rejects.toMatchObject({
      code: "IDENTITY_CHANGED",
    });
  });

  it("need no file that only the creation needed", async () => {
    writeFileSync(join(folder, "root.img"), Buffer.alloc(512));
    const disks = [{ name: "root", size: "64MiB", image: "./root.img" }];
    const { id, state } = await make(await declare({ disks }));
    rmSync(join(folder, "root.img"));
    rmSync(join(folder, "vmlinuz"));
    const inputs = await declare({ disks, vcpus: 2 }, "a", state.inputs);
    await vmHandler.update(id, state, inputs, world.context(folder));
    expect(world.host("a").vms.get(id)?.spec).toMatchObject({
      vcpus: 2,
      disks: [{ image: expect.stringMatching(/^[0-9a-f]{64}$/) }],
    });
  });

  it("keep the owner of its birth when the stack was renamed", async () => {
    const { id, state } = await make(await declare());
    const after = await vmHandler.update(
      id,
      state,
      await declare({ owner: "o/p/renamed", vcpus: 2 }),
      world.context(folder),
    );
    expect(world.host("a").vms.get(id)?.owner).toBe("o/p/s");
    expect(after.inputs["owner"]).toBe("o/p/s");
  });

  it("work twice with the same wish, because ended work is never replayed", async () => {
    const { id, state } = await make(await declare());
    const two = await vmHandler.update(id, state, await declare({ vcpus: 2 }), world.context(folder));
    const one = await vmHandler.update(id, two, await declare({ vcpus: 1 }), world.context(folder));
    await vmHandler.update(id, one, await declare({ vcpus: 2 }), world.context(folder));
    expect(world.host("a").vms.get(id)?.spec.vcpus).toBe(2);
  });

  it("refuse to make a lost VM anew", async () => {
    const { id, state } = await make(await declare());
    world.host("a").vms.clear();
    await expect(vmHandler.update(id, state, await declare({ vcpus: 2 }), world.context(folder))).rejects.toMatchObject(
      { code: "NOT_FOUND" },
    );
  });
});

describe("reading and deleting", () => {
  it("keep the last state of a host that does not answer, with a note", async () => {
    const { id, state } = await make(await declare());
    world.host("a").isUp = false;
    const read = await vmHandler.read(id, state, world.context(folder));
    expect(read?.outputs).toEqual({ ...state.outputs, state: "unreachable" });
    expect(world.notes.at(-1)).toContain("its last known state is kept");
    world.host("a").isUp = true;
  });

  it("say that a VM is gone only where its host says so", async () => {
    const { id, state } = await make(await declare());
    world.host("a").vms.clear();
    expect(await vmHandler.read(id, state, world.context(folder))).toBeUndefined();
    await vmHandler.delete(id, state, world.context(folder));
  });

  it("follow a VM to where it went", async () => {
    const { id, state } = await make(await declare());
    await vmHandler.update(id, state, await declare({}, "b"), world.context(folder));
    await vmHandler.delete(id, state, world.context(folder));
    expect(world.host("b").vms.size).toBe(0);
  });
});
