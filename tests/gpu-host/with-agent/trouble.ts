// What goes wrong with a partition that is there: devices in use, orders that never come back, an agent that dies between
// two of them, a card pulled out. Each ends with the host as it was before.

import { waitFor } from "../../e2e/world/wait-for";
import { deletePartition, makePartition, readPartition, troublesOf, updatePartition } from "../rig/declared-partition";
import { startFirmwareGuest } from "../rig/firmware-guest";
import { snapshotBefore, snapshotHost } from "../rig/host-snapshot";
import type { LeeaWorld } from "../rig/leea-world";
import { dropHook, holdWriteAt, killAgentAt } from "../rig/tee-hook";
import { deviceFolder } from "../rig/vfio-by-hand";

/** The error table, as far as it is about what was made. */
export function describeTrouble(world: LeeaWorld): void {
  const display = () => ({ device: { address: world.device("1234:1111", "0380").address }, mode: "passthrough" });
  let before: readonly string[];

  beforeEach(async () => {
    before = await snapshotBefore(world.a);
  });

  afterEach(async () => {
    await dropHook(world.a);
    expect(await snapshotHost(world.a)).toEqual(before);
  });

  test("a release while a guest has the device is refused with its pid, and done once it is free", async () => {
    const partition = await makePartition(world.nodeA, "held", display());
    const address = String(partition.known.outputs["address"]);
    const guest = await startFirmwareGuest(world.a, [`vfio-pci,host=${address}`]);
    await expect(deletePartition(partition)).rejects.toMatchObject({
      code: "IN_USE",
      message: expect.stringMatching(/qemu-system-x86_64 \(pid \d+\) has \/dev\/vfio\/\d+ open/),
    });
    expect(await readPartition(partition)).toMatchObject({ state: "ready" });
    await guest.end();
    await deletePartition(partition);
  });

  test("an order that the kernel keeps waiting is told within its bound, never repeated, and ended once the device is free", async () => {
    const partition = await makePartition(world.nodeA, "waits", display());
    const hold = await holdWriteAt(world.a, "/vfio-pci/unbind");
    const release = troublesOf(deletePartition(partition));
    await hold.reached();
    const guest = await startFirmwareGuest(world.a, [`vfio-pci,host=${String(partition.known.outputs["address"])}`]);
    await hold.goOn();
    expect(await release).toEqual(["write-blocked"]);
    expect(await readPartition(partition)).toMatchObject({ state: "releasing" });
    expect(["held-by-process", "write-blocked"]).toContain((await troublesOf(deletePartition(partition)))[0]);
    await guest.end();
    const isDone = async () => (await troublesOf(deletePartition(partition))) === "done";
    await waitFor("the release to be done", isDone, 120_000); // each ask may wait for the kernel itself
    expect(await readPartition(partition)).toBeUndefined();
  });

  test.each([
    ["the unbind and the bind", "/drivers_probe", "killed-unbound"],
    ["the override and the unbind", "/unbind", "killed-bound"],
  ])("an agent that is killed between %s goes on where it was", async (_where, write, name) => {
    await killAgentAt(world.a, write);
    const partition = await makePartition(world.nodeA, name, display());
    expect(partition.known.outputs).toMatchObject({ state: "ready", incarnation: 1 });
    await killAgentAt(world.a, write);
    await deletePartition(partition);
    expect(await readPartition(partition)).toBeUndefined();
  });

  test("a device that somebody gave back to its driver is lost, and made again", async () => {
    const partition = await makePartition(world.nodeA, "taken-away", display());
    const address = String(partition.known.outputs["address"]);
    await world.a.run(`echo ${address} >${deviceFolder(address)}/driver/unbind`);
    expect(await readPartition(partition)).toMatchObject({ state: "lost" });
    expect(await updatePartition(partition)).toMatchObject({ state: "ready" });
    await deletePartition(partition);
  });

  test("a card that is pulled out is lost, cannot be made again, and can be deleted", async () => {
    const { address } = world.device("8086:10c9");
    const partition = await makePartition(world.nodeA, "unplugged", { device: { address }, mode: "sriov", vfs: 1 });
    const isThere = () => world.a.run(`[ -e ${deviceFolder(address)} ] && echo yes || echo no`);
    await world.a.monitor("device_del", { id: "igb" });
    await waitFor("the card to be gone", async () => (await isThere()) === "no", 60_000);
    expect(await readPartition(partition)).toMatchObject({ state: "lost" });
    expect(await troublesOf(updatePartition(partition))).toEqual(["device-absent"]);
    await deletePartition(partition);
    await world.a.monitor("device_add", { driver: "igb", id: "igb", bus: "port-igb", netdev: "igb-net" });
    await waitFor("the card to be back", async () => (await snapshotHost(world.a)).join() === before.join(), 60_000);
  });
}
