// What the kernel does with orders to PCI devices, as rules that a fake bus and a real kernel must both obey: measured on
// Linux 6.1 and 6.12 with emulated cards, or read in drivers/base/bus.c. Whoever has a host gives a rig of it; the rules
// leave the host as they found it.

import type { Errno } from "../../provider/model/gpu/refusal/errno";

/** How a write ended: done, the errno, or still waiting in the kernel when the rig's bound was over. */
export type WriteEnd = "done" | Errno | "blocked";

/** A host's sysfs, and the cards that are plugged in. Addresses are as sysfs has them. */
export interface SysfsRig {
  readonly cards: {
    /** A PF of at least 3 VFs without any yet, on a driver that makes VFs and would take them. */
    readonly sriov: { readonly address: string; readonly total: number; readonly driver: string };
    /** A card alone in its group, on a driver of the host. */
    readonly display: { readonly address: string; readonly driver: string };
    /** A parent of mediated devices; absent: the host has none. */
    readonly mdev?: { readonly parent: string; readonly type: string };
  };
  /** Writes one line by a bounded child. */
  readonly write: (path: string, text: string) => Promise<WriteEnd>;
  /** Name of the driver; undefined for none. */
  readonly driverOf: (address: string) => Promise<string | undefined>;
  /** Addresses of the PF's VFs, by number. */
  readonly vfsOf: (address: string) => Promise<readonly string[]>;
  readonly exists: (path: string) => Promise<boolean>;
  /** Has a guest open the VFIO device that is in this function's group; gives the way to end the guest. */
  readonly holdFunction: (address: string) => Promise<() => Promise<void>>;
  /** True once the condition holds, within the rig's bound. */
  readonly until: (isTrue: () => Promise<boolean>) => Promise<boolean>;
}

const device = (address: string, file: string): string => `/sys/bus/pci/devices/${address}/${file}`;
const probe = "/sys/bus/pci/drivers_probe";
const uuid = "00000000-0000-4000-8000-000000000001";

/** The rules, as tests. `open` gives a rig of a host as it was before. */
export function describeSysfsRules(kernel: string, open: () => Promise<SysfsRig>): void {
  describe(`the number of VFs on ${kernel}`, () => {
    test("above the total is ERANGE, no number EINVAL, and nothing is made", async () => {
      const { write, vfsOf, cards } = await open();
      const { address, total } = cards.sriov;
      const path = device(address, "sriov_numvfs");
      expect([await write(path, String(total + 1)), await write(path, "-1"), await write(path, "many")]).toEqual([
        "ERANGE",
        "EINVAL",
        "EINVAL",
      ]);
      expect(await vfsOf(address)).toEqual([]);
    });

    test("changes only through zero; the same number is done", async () => {
      const { write, vfsOf, cards } = await open();
      const { address } = cards.sriov;
      const path = device(address, "sriov_numvfs");
      await write(device(address, "sriov_drivers_autoprobe"), "0");
      const ends = [];
      for (const count of ["2", "3", "2", "0", "3"]) ends.push(await write(path, count));
      expect(ends).toEqual(["done", "EBUSY", "done", "done", "done"]);
      expect(await vfsOf(address)).toHaveLength(3);
      expect(await write(path, "0")).toBe("done");
      await write(device(address, "sriov_drivers_autoprobe"), "1");
    });

    test("is ENOENT while the PF has no driver, and while it is on vfio-pci", async () => {
      const { write, driverOf, cards } = await open();
      const { address, driver } = cards.sriov;
      const path = device(address, "sriov_numvfs");
      expect(await write(`/sys/bus/pci/drivers/${driver}/unbind`, address)).toBe("done");
      expect(await write(path, "1")).toBe("ENOENT");
      await write(device(address, "driver_override"), "vfio-pci");
      await write(probe, address);
      expect(await driverOf(address)).toBe("vfio-pci");
      expect(await write(path, "1")).toBe("ENOENT");
      await write("/sys/bus/pci/drivers/vfio-pci/unbind", address);
      await write(device(address, "driver_override"), "");
      await write(probe, address);
      expect(await driverOf(address)).toBe(driver);
    });

    test("VFs have the host's driver with autoprobe, and none without", async () => {
      const { write, vfsOf, driverOf, until, cards } = await open();
      const { address } = cards.sriov;
      for (const autoprobe of ["0", "1"]) {
        await write(device(address, "sriov_drivers_autoprobe"), autoprobe);
        await write(device(address, "sriov_numvfs"), "1");
        const [vf = ""] = await vfsOf(address);
        const isTaken = autoprobe === "0" ? undefined : true;
        expect(await until(async () => ((await driverOf(vf)) === undefined ? undefined : true) === isTaken)).toBe(true);
        await write(device(address, "sriov_numvfs"), "0");
      }
    });
  });

  describe(`drivers on ${kernel}`, () => {
    test("a probe that finds no driver is no error and leaves the device without one", async () => {
      const { write, driverOf, cards } = await open();
      const { address, driver } = cards.display;
      await write(device(address, "driver_override"), "no-such-driver");
      await write(`/sys/bus/pci/drivers/${driver}/unbind`, address);
      expect(await write(probe, address)).toBe("done");
      expect(await driverOf(address)).toBeUndefined();
      await write(device(address, "driver_override"), "");
      expect(await write(probe, address)).toBe("done");
      expect(await driverOf(address)).toBe(driver);
    });

    test("an unbind of what the driver has not is ENODEV, and a bind of what has a driver EBUSY", async () => {
      const { write, cards } = await open();
      const { address, driver } = cards.display;
      expect(await write("/sys/bus/pci/drivers/vfio-pci/unbind", address)).toBe("ENODEV");
      expect(await write(`/sys/bus/pci/drivers/${driver}/bind`, address)).toBe("EBUSY");
      expect(await write(probe, "0000:ff:1f.7")).toBe("ENODEV");
    });

    test("an unbind under a guest waits for the guest's end, and is done then", async () => {
      const { write, driverOf, holdFunction, until, cards } = await open();
      const { address, driver } = cards.display;
      await write(device(address, "driver_override"), "vfio-pci");
      await write(`/sys/bus/pci/drivers/${driver}/unbind`, address);
      await write(probe, address);
      const letGo = await holdFunction(address);
      expect(await write("/sys/bus/pci/drivers/vfio-pci/unbind", address)).toBe("blocked");
      await letGo();
      expect(await until(async () => (await driverOf(address)) === undefined)).toBe(true);
      await write(device(address, "driver_override"), "");
      await write(probe, address);
      expect(await driverOf(address)).toBe(driver);
    });

    test("taking the VFs away under a guest waits for the guest's end, and is done then", async () => {
      const { write, vfsOf, holdFunction, until, cards } = await open();
      const { address } = cards.sriov;
      await write(device(address, "sriov_drivers_autoprobe"), "0");
      await write(device(address, "sriov_numvfs"), "1");
      const [vf = ""] = await vfsOf(address);
      await write(device(vf, "driver_override"), "vfio-pci");
      await write(probe, vf);
      const letGo = await holdFunction(vf);
      expect(await write(device(address, "sriov_numvfs"), "0")).toBe("blocked");
      await letGo();
      expect(await until(async () => (await vfsOf(address)).length === 0)).toBe(true);
      await write(device(address, "sriov_drivers_autoprobe"), "1");
    });
  });

  describe(`mediated devices on ${kernel}`, () => {
    test("a uuid is taken once, what is none is EINVAL, and a removal frees it", async () => {
      const { write, exists, cards } = await open();
      if (cards.mdev === undefined) return;
      const { parent, type } = cards.mdev;
      const create = `/sys/class/mdev_bus/${parent}/mdev_supported_types/${type}/create`;
      const made = `/sys/bus/mdev/devices/${uuid}`;
      expect([await write(create, "no-uuid"), await write(create, uuid), await write(create, uuid)]).toEqual([
        "EINVAL",
        "done",
        "EEXIST",
      ]);
      expect(await exists(made)).toBe(true);
      expect(await write(`${made}/remove`, "1")).toBe("done");
      expect(await exists(made)).toBe(false);
    });
  });
}
