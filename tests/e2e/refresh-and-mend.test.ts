// What happens behind the declaration's back: a VM moved by hand, a QEMU or an agent killed. Refresh sees it, preview
// says what up would do, and up mends it. The tests are steps of one story, in order.

import { type GuestWatch, startWatch } from "../../provider/cli/story/guest-watch";
import { meshNodeHandler } from "../../provider/controller/handlers/mesh-node";
import { openHost } from "../../provider/controller/host-session";
import { moveVm } from "../../provider/controller/move-vm";
import { runInside } from "./enter-lab";
import { createVm, runInHost, type TrackedVm } from "./world/tracked-vm";
import { findTraces } from "./world/vm-traces";
import { waitFor } from "./world/wait-for";
import { closeWorld, connectionTo, joinInARow, nodeOf, openWorld, type World, withAgent } from "./world/world";

jest.setTimeout(180_000);

let world: World;
let vm: TrackedVm;
let bootId: string;

beforeAll(async () => {
  world = await openWorld("refresh", ["a", "b"]);
  await joinInARow(world, ["a", "b"]);
  const disks = [{ name: "root", size: "64MiB" }];
  // A QEMU that ends is to stay so: what refresh and up make of it is told here.
  vm = await createVm(world, "web", "a", {
    guest: "leea.write=50 leea.dirty=2 leea.ws=16",
    fields: { disks, restart: "never" },
  });
  bootId = await vm.booted("b");
});

afterAll(() => closeWorld(world));

/** What `leea move` does: from host to host, with no word to the declaration. */
async function moveByHand(from: string, to: string): Promise<void> {
  await withAgent(world, from, async (source) => {
    const destination = await openHost(connectionTo(world, to), { install: "never" });
    try {
      const answer = await source.call("getVm", { params: { vmId: vm.id } });
      if (answer.found !== "here") throw new Error(`the VM is not on ${from}`);
      const { report } = answer;
      const destinationConnection = connectionTo(world, to);
      const { kernel, initrd } = vm.known.inputs["boot"] as { kernel: string; initrd: string };
      const bootFiles = [
        { key: "boot.kernel", path: kernel },
        { key: "boot.initrd", path: initrd },
      ];
      await moveVm({ report, source, destination, destinationConnection, bootFiles }, world.context);
    } finally {
      destination.close();
    }
  });
}

describe("a VM that was moved by hand", () => {
  test("is found by refresh where it is", async () => {
    await moveByHand("a", "b");
    expect(vm.outputs.currentNode).toBe(nodeOf(world, "a").id);
    await vm.refresh();
    expect(vm.outputs).toMatchObject({ currentNode: nodeOf(world, "b").id, state: "running", generation: 2 });
  });

  test("moves back by the next up, because it is pinned elsewhere", async () => {
    const { hasChanges, lines } = await vm.preview("a");
    expect(hasChanges).toBe(true);
    const { id: idOfA } = nodeOf(world, "a");
    expect(lines[0]).toBe(
      `web: moves live from b to a, because it is on ${nodeOf(world, "b").id} and declared on ${idOfA}`,
    );
    await vm.update("a");
    expect(vm.outputs).toMatchObject({ currentNode: idOfA, state: "running", generation: 3 });
    expect((await vm.ask("b", "status")).bootId).toBe(bootId);
    expect((await vm.preview("a")).hasChanges).toBe(false);
  });

  test("is taken as it is where the declaration is changed to that host", async () => {
    await moveByHand("a", "b");
    await vm.refresh();
    const { lines } = await vm.preview("b");
    expect(lines.join("\n")).not.toMatch(/moves live/);
    await vm.update("b");
    expect(vm.outputs).toMatchObject({ currentNode: nodeOf(world, "b").id, generation: 4 });
    expect((await vm.preview("b")).hasChanges).toBe(false);
    expect((await vm.ask("a", "status")).bootId).toBe(bootId);
  });
});

describe("an agent that is killed", () => {
  let watch: GuestWatch;
  const daemons = (host: string) =>
    runInside(world.lab, host, "ps -eo pid=,comm= | grep -E ' (qemu-system|bird|wireguard-go|dnsmasq)' | sort");
  const agentPid = (host: string) =>
    withAgent(world, host, async (session) => (await session.call("getHealth", {})).pid);

  test("leaves its guest and every daemon alone; the next run finds no change", async () => {
    watch = await startWatch(runInHost(world, "a"), vm.outputs.address, 30_000);
    const before = { pid: await agentPid("b"), daemons: await daemons("b") };
    expect(before.daemons.split("\n").length).toBeGreaterThanOrEqual(5);
    await runInside(world.lab, "b", `kill -9 ${before.pid}`);
    await vm.refresh();
    expect(vm.outputs.state).toBe("running");
    expect((await vm.preview("b")).hasChanges).toBe(false);
    const node = nodeOf(world, "b");
    const read = await meshNodeHandler.read(node.id, node.known, world.context);
    if (read === undefined) throw new Error("the host is gone");
    expect((await meshNodeHandler.diff(node.id, read, node.known.inputs, world.context)).hasChanges).toBe(false);
    expect(await agentPid("b")).not.toBe(before.pid);
    expect(await daemons("b")).toBe(before.daemons);
  });

  test("interrupts none of the guest's connections, and what comes after works on the guest", async () => {
    await vm.wroteMore("a", 20);
    const report = await watch.stop();
    expect(report.connectionAlive).toBe(true);
    expect(report.pings.lost).toBe(0);
    expect((await vm.ask("a", "status")).bootId).toBe(bootId);
    await vm.update("a");
    expect(vm.outputs.currentNode).toBe(nodeOf(world, "a").id);
    expect((await vm.ask("b", "status")).bootId).toBe(bootId);
  });
});

describe("a QEMU that is killed", () => {
  test("is reported as crashed by refresh", async () => {
    await vm.wroteMore("b", 20);
    const qemu = (await findTraces(vm, "a")).find((line) => line.startsWith("qemu: "));
    const pid = Number(/\d+/.exec(qemu ?? "")?.[0]);
    await runInside(world.lab, "a", `kill -9 ${pid}`);
    await waitFor("the crash to be seen", async () => (await vm.refresh(), vm.outputs.state === "crashed"));
  });

  test("is a change in preview, and started again by up with its disk as it was", async () => {
    const { hasChanges, replaces, lines } = await vm.preview("a");
    expect({ hasChanges, replaces }).toEqual({ hasChanges: true, replaces: [] });
    expect(lines).toEqual(["web: starts, because it is crashed and declared running"]);
    await vm.update("a");
    expect(vm.outputs).toMatchObject({ state: "running", currentNode: nodeOf(world, "a").id });
    expect(await vm.booted("b")).not.toBe(bootId);
    const survey = await vm.ask("b", "survey");
    expect(survey.disks[0]).toMatchObject({ bad: 0 });
    expect(survey.disks[0]?.checked).toBeGreaterThan(50);
    expect((await vm.preview("a")).hasChanges).toBe(false);
  });
});
