// A host whose power is cut while it is in a mesh and has a partition: what was synced is there, what the kernel held is gone,
// the mesh comes back by itself, and the partition is told as lost and made again.

import { waitFor } from "../../e2e/world/wait-for";
import { deletePartition, makePartition, readPartition, updatePartition } from "../rig/declared-partition";
import { snapshotBefore, snapshotHost } from "../rig/host-snapshot";
import type { LeeaWorld } from "../rig/leea-world";
import { readPciDevices } from "../rig/read-pci-devices";
import { answersFrom } from "./mesh-join";

/** Host b is booted anew. */
export function describePowerCut(world: LeeaWorld): void {
  test("keeps what it wrote and nothing else, is in its mesh again, and has its partition again after an update", async () => {
    const nvme = (await readPciDevices(world.b)).find(({ ids }) => ids === "1b36:0010");
    const before = await snapshotBefore(world.b);
    const declared = { device: { address: nvme?.address }, mode: "sriov", vfs: 2 };
    const partition = await makePartition(world.nodeB, "declared", declared);
    await world.b.run("echo kept >/root/kept; sync; mkdir /run/lost");
    const bootId = await world.b.run("cat /proc/sys/kernel/random/boot_id");
    await world.b.powerCycle();
    expect(await world.b.run("cat /root/kept; ls -d /run/lost 2>&1 || :")).toMatch(/^kept\n.*No such file/);
    expect(await world.b.run("cat /proc/sys/kernel/random/boot_id")).not.toBe(bootId);
    expect(await world.b.run("systemctl is-active leea-agent")).toBe("active");
    expect(await readPartition(partition)).toMatchObject({ state: "lost" });
    expect(await updatePartition(partition)).toMatchObject({ state: "ready", functions: [expect.any(String)] });
    await deletePartition(partition);
    const devices = (lines: readonly string[]) => lines.filter((line) => !line.startsWith("module "));
    expect(devices(await snapshotHost(world.b))).toEqual(devices(before));
    await waitFor(
      "b's way to a after its boot",
      () => answersFrom(world.b, world.nodeA.known.outputs["meshAddress"]),
      240_000,
    );
    await world.b.run("rm /root/kept");
  });
}
