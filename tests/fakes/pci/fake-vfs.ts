// The VFs of a fake host's cards, as the kernel was measured: a count that changes only through zero, and by a driver that makes
// VFs; they come with files of their own and go with all that was on them, once nobody holds one.

import type { FakeBus, Plugged } from "./fake-bus";
import { isVfio } from "./fake-drivers";
import type { FakeMdevs } from "./fake-mdevs";
import type { FakeVgpuTypes } from "./fake-vgpu-types";
import type { FakeXe } from "./fake-xe";

const devices = "/sys/bus/pci/devices";

/** The bus with what comes and goes with VFs. */
interface VfBus extends FakeBus {
  readonly vgpus: FakeVgpuTypes;
  readonly xe: FakeXe;
  readonly mdevs: FakeMdevs;
  add(each: Plugged): void;
  drop(path: string): void;
  unplug(address: string): void;
}

/** The VFs of one host. */
export class FakeVfs {
  private readonly host: VfBus;

  constructor(host: VfBus) {
    this.host = host;
  }

  /** A write to `sriov_numvfs`. */
  write(path: string, device: Plugged, count: number): object | Promise<object> {
    const { sriov } = device;
    if (sriov === undefined) return this.host.refuse(path, "ENOENT");
    if (!Number.isInteger(count) || count < 0) return this.host.refuse(path, "EINVAL");
    if (count > sriov.total) return this.host.refuse(path, "ERANGE");
    if (count === device.vfs.length) return {};
    if (device.driver === undefined || isVfio(device.driver) || sriov.driverHasHook === false)
      return this.host.refuse(path, "ENOENT");
    if (sriov.needsTool === true) return this.host.refuse(path, "EPERM");
    if (count > 0 && device.vfs.length > 0) return this.host.refuse(path, "EBUSY");
    return this.set(device, count);
  }

  /** Makes them, or takes them away once nobody holds one; also what a vendor's tool or a driver does by itself. */
  set(device: Plugged, count: number): object | Promise<object> {
    if (count > 0) return this.make(device, count);
    const held = device.vfs
      .map((vf) => this.host.nodeOf(vf))
      .find((node) => node !== undefined && this.host.isHeld(node));
    return this.host.whenFree(held, device.address, () => this.take(device));
  }

  private make(device: Plugged, count: number): object {
    const { sriov, address } = device;
    for (let index = 0; index < count; index += 1) {
      const vf = `${address.slice(0, -1)}${index + 1}`;
      const isTyped = sriov?.vendorTypes !== undefined || sriov?.vfMdev !== undefined;
      const hostDriver = isTyped ? device.driver : sriov?.vfDriver;
      device.vfs.push(vf);
      this.host.system.links.set(`${devices}/${address}/virtfn${index}`, `../${vf}`);
      this.host.add({
        address: vf,
        vendor: device.vendor,
        device: sriov?.vfDevice ?? "",
        classCode: device.classCode,
        physicalFunction: address,
        resetMethods: "flr",
        override: "",
        autoprobe: "1",
        vfs: [],
        ...(device.under === undefined ? {} : { under: device.under }),
        ...(sriov?.vfMdev === undefined ? {} : { mdev: sriov.vfMdev }),
        ...(sriov?.firstGroup === undefined
          ? {}
          : { group: String(sriov.firstGroup + (sriov.sharesGroup === true ? 0 : index)) }),
        ...(hostDriver === undefined ? {} : { hostDriver }),
      });
    }
    this.host.setFile(address, "sriov_numvfs", `${count}\n`);
    this.host.xe.split(device, count);
    return {};
  }

  private take(device: Plugged): void {
    for (const [index, vf] of device.vfs.entries()) {
      this.host.system.links.delete(`${devices}/${device.address}/virtfn${index}`);
      const node = this.host.nodeOf(vf);
      this.host.unplug(vf);
      this.host.vgpus.forget(vf);
      this.host.mdevs.removeParent(vf);
      if (node !== undefined) this.host.drop(node);
    }
    device.vfs = [];
    this.host.setFile(device.address, "sriov_numvfs", "0\n");
    this.host.xe.split(device, 0);
  }
}
