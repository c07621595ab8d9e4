// What cannot be had on a host, asked of the real agent: each refusal by its name, with the evidence, and nothing changed.

import type { Values } from "../../../provider/controller/handlers/handler-context";
import { deletePartition, makePartition, refusalsOf } from "../rig/declared-partition";
import { snapshotBefore, snapshotHost } from "../rig/host-snapshot";
import type { LeeaWorld } from "../rig/leea-world";
import { loadVendorDriver, unloadVendorDriver, withoutCardDriver } from "../rig/vendor-driver";
import { deviceFolder } from "../rig/vfio-by-hand";

const nvmeIds = "1b36:0010";

/** The error table, as far as it is refused before anything is made. */
export function describeRefusals(world: LeeaWorld): void {
  const refused = (declared: Values) => refusalsOf(world.nodeA, "refused", declared);
  const at = (address: string, mode: string, more: Values = {}) => ({ device: { address }, mode, ...more });
  let before: readonly string[];

  beforeEach(async () => {
    before = await snapshotBefore(world.a);
  });

  afterEach(async () => {
    expect(withoutCardDriver(await snapshotHost(world.a))).toEqual(withoutCardDriver(before));
  });

  describe("a device that the host itself uses is refused with the evidence", () => {
    const uses: readonly [string, string, string, RegExp][] = [
      ["its display", "1234:1111", "0300", /boot_vga is 1/],
      ["the controller of its disk", "1af4:1001", "01", /vda \(mounted on \/\)/],
      ["the network card of the way to it", "1af4:1000", "02", /its network interface \S+ is up/],
    ];
    test.each(uses)("%s", async (_what, ids, classCode, evidence) => {
      const { address } = world.device(ids, classCode);
      const act = makePartition(world.nodeA, "refused", at(address, "passthrough"));
      await expect(act).rejects.toMatchObject({ code: "PREFLIGHT_FAILED", message: expect.stringMatching(evidence) });
      expect(await refused(at(address, "passthrough"))).toContain("host-uses-device");
    });
  });

  test("a display that shares its group with another card, and cannot be reset alone", async () => {
    const beside = world.device("1b36:0005");
    const display = world.devices.find(
      ({ iommuGroup, classCode }) => iommuGroup === beside.iommuGroup && classCode.startsWith("03"),
    );
    const act = makePartition(world.nodeA, "refused", at(display?.address ?? "", "passthrough"));
    await expect(act).rejects.toMatchObject({ message: expect.stringContaining(beside.address) });
    expect(await refused(at(display?.address ?? "", "passthrough"))).toEqual(["group-shared", "no-reset"]);
  });

  describe("VFs", () => {
    test("more than the card has, none of a card without, and an address that nothing has", async () => {
      const { address } = world.device(nvmeIds);
      expect(await refused(at(address, "sriov", { vfs: 5 }))).toEqual(["vf-count-above-total"]);
      expect(await refused(at(world.device("1002:5046").address, "sriov"))).toEqual(["no-sriov"]);
      expect(await refused(at("0000:7f:00.0", "passthrough"))).toEqual(["device-absent"]);
    });

    test("of a card without a driver, and of one whose driver makes none", async () => {
      const { address } = world.device(nvmeIds);
      const folder = deviceFolder(address);
      await world.a.run(`echo ${address} >${folder}/driver/unbind`);
      const without = await refused(at(address, "sriov"));
      await world.a.run(`
        modprobe pci-stub; echo pci-stub >${folder}/driver_override; echo ${address} >/sys/bus/pci/drivers_probe
      `);
      const stub = await refused(at(address, "sriov"));
      await world.a.run(`
        echo ${address} >${folder}/driver/unbind; echo >${folder}/driver_override
        echo ${address} >/sys/bus/pci/drivers_probe; modprobe -r pci-stub
      `);
      expect([without, stub]).toEqual([["pf-without-driver"], ["driver-without-sriov"]]);
    });

    test("of another number than the first partition of the card has set", async () => {
      const { address } = world.device(nvmeIds);
      const first = await makePartition(world.nodeA, "first", at(address, "sriov", { vfs: 1 }));
      expect(await refused(at(address, "sriov", { vfs: 2 }))).toEqual(["vf-count-fixed"]);
      expect(await refused(at(address, "sriov"))).toEqual(["no-free-vf"]);
      expect(await refused(at(address, "passthrough"))).toEqual(["claimed-by-other"]);
      await deletePartition(first);
    });
  });

  describe("mediated devices", () => {
    const mbochs = { device: { vendor: "virtual", model: "mbochs" }, mode: "mdev" };

    test("of a type that there is not", async () => {
      expect(await refused({ ...mbochs, profile: "huge" })).toEqual(["profile-unknown"]);
    });

    test("of a type that is full", async () => {
      const made = [];
      for (const name of ["m1", "m2", "m3", "m4"])
        made.push(await makePartition(world.nodeA, name, { ...mbochs, profile: "mbochs-large" }));
      expect(await refused({ ...mbochs, profile: "mbochs-large" })).toEqual(["profile-full"]);
      for (const each of made) await deletePartition(each);
    });

    test("under a uuid that somebody else has taken", async () => {
      const probe = await makePartition(world.nodeA, "taken", { ...mbochs, profile: "mbochs-small" });
      const uuid = String(probe.known.outputs["mdevUuid"]);
      await deletePartition(probe);
      await world.a.run(`echo ${uuid} >/sys/class/mdev_bus/mbochs/mdev_supported_types/mbochs-medium/create`);
      expect(await refusalsOf(world.nodeA, "taken", { ...mbochs, profile: "mbochs-small" })).toEqual(["mdev-exists"]);
      expect(await world.a.run(`basename $(readlink /sys/bus/mdev/devices/${uuid}/mdev_type)`)).toBe("mbochs-medium");
      await world.a.run(`echo 1 >/sys/bus/mdev/devices/${uuid}/remove`);
    });
  });

  describe("a vendor's types", () => {
    const card = { device: { vendor: "nvidia", model: "2335" }, mode: "vendor-vfio" };
    const typed = (profile: string) => ({ ...card, profile });
    let withNvme: readonly string[];

    beforeAll(async () => {
      withNvme = await snapshotHost(world.a);
      await loadVendorDriver(world.a);
    });

    afterAll(async () => {
      const { address } = world.device(nvmeIds);
      await unloadVendorDriver(world.a, address);
      expect(await snapshotHost(world.a)).toEqual(withNvme);
    });

    test("that there is not, that is full, and of another size than the card's others", async () => {
      const one = await makePartition(world.nodeA, "one", typed("FAKE H200X-2Q"));
      expect(await refused(typed("FAKE H200X-9Q"))).toEqual(["profile-unknown"]);
      expect(await refused(typed("FAKE H200X-1Q"))).toEqual(["profile-full"]);
      const two = await makePartition(world.nodeA, "two", typed("FAKE H200X-2Q"));
      expect(await refused(typed("FAKE H200X-2Q"))).toEqual(["profile-full"]);
      for (const each of [one, two]) await deletePartition(each);
    });
  });
}
