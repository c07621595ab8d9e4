// A GpuPartition of each kind on a real kernel: made by the real agent, which the real controller installed over SSH, seen
// by a guest, deleted, and the host as it was before.

import { execFile } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import type { Values } from "../../../provider/controller/handlers/handler-context";
import type { GpuInventory } from "../../../provider/protocol/gpu";
import { deletePartition, makePartition, readPartition } from "../rig/declared-partition";
import { startFirmwareGuest } from "../rig/firmware-guest";
import type { GpuHost } from "../rig/gpu-host";
import { snapshotBefore, snapshotHost } from "../rig/host-snapshot";
import type { LeeaWorld } from "../rig/leea-world";
import { loadVendorDriver, unloadVendorDriver, withoutCardDriver } from "../rig/vendor-driver";

const program = join(__dirname, "..", "..", "..", "provider", "dist", "leea.cjs");
const nvmeIds = "1b36:0010";

/** `leea gpus --json` as a person runs it. */
export async function askGpus(host: GpuHost): Promise<GpuInventory> {
  const folder = mkdtempSync(join(tmpdir(), "leea-gpus-"));
  try {
    const { host: address, port, user, hostKey, identity } = host.connection;
    const known = join(folder, "known_hosts");
    writeFileSync(known, `[${address}]:${port} ${hostKey}\n`);
    const way = ["--host", `${user}@${address}:${port}`, "--identity", String(identity), "--known-hosts", known];
    const { stdout } = await promisify(execFile)(process.execPath, [program, "gpus", "--json", ...way]);
    const { hosts } = JSON.parse(stdout) as { hosts: [GpuInventory] };
    return hosts[0];
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Makes it, has a guest see it by the given arguments, deletes it, and holds the host against what it was. */
async function liveOnce(
  { a: host, nodeA: node }: LeeaWorld,
  declared: Values,
  devicesOf: (outputs: Values) => readonly string[],
) {
  const before = await snapshotBefore(host);
  const partition = await makePartition(node, "g", declared);
  const { outputs } = partition.known;
  expect(await readPartition(partition)).toEqual(outputs);
  expect(outputs["state"]).toBe("ready");
  const guest = await startFirmwareGuest(host, devicesOf(outputs));
  await guest.end();
  const inventory = await askGpus(host);
  await deletePartition(partition);
  expect(await readPartition(partition)).toBeUndefined();
  expect(withoutCardDriver(await snapshotHost(host))).toEqual(withoutCardDriver(before));
  return { outputs, seen: guest.seen, inventory };
}

/** A partition of each kind, and the inventory that they are chosen from. */
export function describePartitions(world: LeeaWorld): void {
  describe("leea gpus", () => {
    test("tells of every card what it is, what it can be had as, and how the host uses it", async () => {
      const { missing, gpus, partitions } = await askGpus(world.a);
      expect({ missing, partitions }).toEqual({ missing: [], partitions: [] });
      const cards = world.devices.filter(({ classCode }) => classCode.startsWith("03"));
      expect(gpus.map(({ address, ids }) => [address, ids])).toEqual(
        expect.arrayContaining(cards.map(({ address, ids }) => [address, ids])),
      );
      const boot = gpus.find(({ address }) => address === cards.find(({ isBootDisplay }) => isBootDisplay)?.address);
      expect(boot?.hostUse.join("\n")).toMatch(/boot_vga is 1/);
      expect(gpus.find(({ address }) => address === "mbochs")?.profiles.map(({ id }) => id)).toEqual([
        "mbochs-large",
        "mbochs-medium",
        "mbochs-small",
      ]);
    });
  });

  describe("a partition", () => {
    test("of a whole GPU takes all functions of its group to a guest", async () => {
      const audio = world.devices.find(({ classCode }) => classCode.startsWith("0403"));
      const group = world.devices.filter(({ iommuGroup }) => iommuGroup === audio?.iommuGroup);
      const { outputs, seen } = await liveOnce(
        world,
        { device: { address: group[0]?.address }, mode: "passthrough" },
        (made) =>
          (made["functions"] as string[]).map(
            (address, index) => `vfio-pci,host=${address},addr=0x5.${index}${index === 0 ? ",multifunction=on" : ""}`,
          ),
      );
      expect(outputs).toMatchObject({
        chosenMode: "passthrough",
        functions: group.map(({ address }) => address),
        iommuGroup: audio?.iommuGroup,
      });
      expect(seen).toEqual(expect.arrayContaining(group.map(({ ids }) => ids)));
    });

    test("by SR-IOV is one virtual function", async () => {
      const { address } = world.device(nvmeIds);
      const { outputs, seen, inventory } = await liveOnce(
        world,
        { device: { address }, mode: "sriov", vfs: 2 },
        (made) => [`vfio-pci,host=${String(made["address"])}`],
      );
      expect(outputs).toMatchObject({ chosenMode: "sriov", vendor: expect.stringMatching(/Red Hat/) });
      expect(outputs["address"]).not.toBe(address);
      expect(seen).toContain(nvmeIds);
      expect(inventory.gpus.find((gpu) => gpu.address === address)).toMatchObject({ totalVfs: 4, usedVfs: 1 });
      expect(inventory.partitions.map(({ functions }) => functions)).toEqual([[outputs["address"]]]);
    });

    test("by mdev is a mediated device of the type", async () => {
      const declared = { device: { vendor: "virtual", model: "mbochs" }, mode: "mdev", profile: "mbochs-medium" };
      const { outputs, seen } = await liveOnce(world, declared, (made) => [
        `vfio-pci,sysfsdev=/sys/bus/mdev/devices/${String(made["mdevUuid"])},display=off`,
      ]);
      expect(outputs).toMatchObject({ chosenMode: "mdev", functions: [] });
      expect(seen).toContain("1234:1111");
    });

    describe("of a card whose vendor's driver serves its functions", () => {
      let before: readonly string[];

      beforeAll(async () => {
        before = await snapshotHost(world.a);
        await loadVendorDriver(world.a);
      });

      afterAll(async () => {
        const { address } = world.device(nvmeIds);
        await unloadVendorDriver(world.a, address);
        expect(await snapshotHost(world.a)).toEqual(before);
      });

      test("is a function with the type, found by vendor and model", async () => {
        const declared = { device: { vendor: "nvidia", model: "2335" }, profile: "FAKE H200X-2Q" };
        const { outputs, seen } = await liveOnce(world, declared, (made) => [
          `vfio-pci,host=${String(made["address"])}`,
        ]);
        expect(outputs).toMatchObject({
          chosenMode: "vendor-vfio",
          profileName: "FAKE H200X-2Q",
          vendor: expect.stringMatching(/NVIDIA/),
        });
        expect(seen).toContain("10de:2335");
      });
    });
  });
}
