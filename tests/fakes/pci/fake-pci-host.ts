// A host's PCI bus in a fake system, as the kernel was measured: drivers bind by override or id, a probe that finds none is no
// error, VFs come and go with a count that changes only through zero, and a write on a device in use never comes back
// until its holder ends. A direct read of a file that takes the device's lock is refused: in the agent it would hang.

import { LeeaError } from "../../../provider/model/errors";
import type { FakeSystem } from "../fake-system";
import type { FakeBus, KernelError, Plugged } from "./fake-bus";
import type { FakeFunction } from "./fake-card";
import { isVfio } from "./fake-drivers";
import { FakeMdevs } from "./fake-mdevs";
import { FakeModules } from "./fake-modules";
import { FakeVfs } from "./fake-vfs";
import { FakeVgpuTypes } from "./fake-vgpu-types";
import { FakeXe } from "./fake-xe";

const devices = "/sys/bus/pci/devices";
const lockedFiles = /\/(sriov_numvfs|driver_override|current_vgpu_type|creatable_vgpu_types|profile\/\w+)$/;

/** What the host has; both unless said otherwise. */
interface FakePciOptions {
  readonly hasIommu?: boolean;
  readonly hasVfio?: boolean;
  /** Other VFIO drivers that its kernel has, such as `xe-vfio-pci`. */
  readonly modules?: readonly string[];
}

interface Waiting {
  readonly writerPid: number;
  readonly device: string;
  readonly act: () => void;
}

const kernelWords = {
  EACCES: "Permission denied",
  EBUSY: "Device or resource busy",
  EEXIST: "File exists",
  EINVAL: "Invalid argument",
  EIO: "Input/output error",
  ENODEV: "No such device",
  ENOENT: "No such file or directory",
  ENOSPC: "No space left on device",
  EPERM: "Operation not permitted",
  ERANGE: "Numerical result out of range",
  EUSERS: "Too many users",
} as const satisfies Readonly<Record<KernelError, string>>;

/** The bus. Everything that a test looks at is public; `writes` has each write as `path <- text`. */
export class FakePciHost implements FakeBus {
  readonly functions = new Map<string, Plugged>();
  readonly writes: string[] = [];
  readonly mdevs: FakeMdevs;
  readonly vgpus: FakeVgpuTypes;
  readonly modules: FakeModules;
  readonly xe: FakeXe;
  readonly vfs: FakeVfs;
  /** Drivers that say no when they are to take a function. */
  readonly unwilling = new Set<string>();
  private waiting: Waiting[] = [];
  private readonly holders = new Map<number, string>();
  private holderCount = 0;

  readonly system: FakeSystem;
  private readonly options: FakePciOptions;

  constructor(system: FakeSystem, options: FakePciOptions = {}) {
    this.system = system;
    this.options = options;
    this.mdevs = new FakeMdevs(this);
    this.vgpus = new FakeVgpuTypes(this);
    this.xe = new FakeXe(this);
    this.vfs = new FakeVfs(this);
    if (options.hasIommu !== false) system.put("/sys/class/iommu/dmar0/x", "");
    system.put("/proc/cmdline", "quiet\n");
    system.put("/proc/interrupts", "  24:  0  IR-PCI-MSI 0-edge\n");
    this.modules = new FakeModules(this, options.hasVfio === false ? [] : ["vfio-pci", ...(options.modules ?? [])]);
    system.programs.set("tee", (argv, { input }) => this.write(argv[1] ?? "", String(input ?? "").trimEnd()));
    system.programs.set("stat", (argv) => this.stat(argv.slice(3)));
    system.programs.set("cat", (argv) => this.read(argv[1] ?? ""));
    system.beforeRead = (path) => {
      if (lockedFiles.test(path)) throw new Error(`a direct read of ${path} may hang the agent`);
    };
    system.daemons.set("holder", (spec) => ({ onEnd: () => this.letGo(Number(spec.argv[1])) }));
    system.daemons.set("tee", () => ({ onSignal: () => false }));
  }

  /** Plugs functions in and lets their drivers take them. */
  plug(...plugged: readonly FakeFunction[]): this {
    for (const each of plugged) this.add({ ...each, override: "", autoprobe: "1", vfs: [] });
    return this;
  }

  /** Pulls a function out. */
  unplug(address: string): void {
    const driver = this.functions.get(address)?.driver;
    this.functions.delete(address);
    this.system.links.delete(`/sys/bus/pci/drivers/${driver}/${address}`);
    for (const path of [...this.system.files.keys(), ...this.system.links.keys(), ...this.system.folders.keys()])
      if (path === `${devices}/${address}` || path.startsWith(`${devices}/${address}/`)) this.drop(path);
  }

  /** What a boot leaves: no VFs, no mediated devices, every function on its host driver, modules not loaded. */
  reboot(): void {
    this.system.cutPower();
    this.waiting = [];
    this.mdevs.clear();
    const cards = [...this.functions.values()].filter((each) => each.physicalFunction === undefined);
    for (const address of [...this.functions.keys()]) this.unplug(address);
    for (const path of [...this.system.files.keys(), ...this.system.folders.keys()])
      if (path.startsWith("/dev/vfio/")) this.drop(path);
    this.modules.clear();
    for (const card of cards) {
      delete card.driver;
      for (const vf of card.vfs) this.vgpus.forget(vf);
      for (const vf of card.vfs) this.mdevs.removeParent(vf);
      this.vgpus.mixed.delete(card.address);
      this.plug(card);
    }
  }

  /** Starts a program that has a device node open, as a guest's QEMU has. Gives its pid. */
  async hold(node: string, program = "/usr/bin/qemu-system-x86_64"): Promise<number> {
    this.holderCount += 1;
    const mark = await this.system.startDaemon({
      name: `holder-${this.holderCount}`,
      argv: ["holder", String(this.holderCount), program],
      logPath: "/dev/null",
    });
    this.holders.set(this.holderCount, node);
    this.system.links.set(`/proc/${mark.pid}/fd/20`, node);
    this.modules.tell();
    return mark.pid;
  }

  /** True while a program has the node open. */
  isHeld(node: string): boolean {
    return [...this.holders.values()].includes(node);
  }

  /** How many nodes programs have open. */
  countHeld(): number {
    return this.holders.size;
  }

  /** Runs the write now, or once nobody holds the node any more: then the writer waits, as a process of its own. */
  async whenFree(node: string | undefined, device: string, act: () => void): Promise<object> {
    if (node === undefined || !this.isHeld(node)) {
      act();
      return {};
    }
    const writer = await this.system.startDaemon({
      name: `writer-${this.waiting.length}-${device}`,
      argv: ["tee"],
      logPath: "/dev/null",
    });
    this.waiting.push({ writerPid: writer.pid, device, act });
    throw new LeeaError({ code: "TIMED_OUT", message: "tee did not end in time", details: { stillRuns: writer } });
  }

  /** Drivers, overrides, VF counts, mediated devices and modules, for a comparison of before and after. */
  toString(): string {
    const functions = [...this.functions.values()].map(
      ({ address, driver, override, autoprobe, vfs }) =>
        `${address} driver=${driver ?? "-"} override=${override || "-"} autoprobe=${autoprobe} vfs=${vfs.length}`,
    );
    return [
      ...functions.sort(),
      ...this.mdevs.list(),
      ...this.vgpus.list(),
      ...this.xe.list(),
      ...this.modules.list(),
    ].join("\n");
  }

  /** The node of the function's group, while one of its functions is on a VFIO driver. */
  nodeOf(address: string): string | undefined {
    const group = this.functions.get(address)?.group;
    return group === undefined ? undefined : `/dev/vfio/${group}`;
  }

  /** Puts a file of a function there; the host's own act, no write of the agent's. */
  setFile(address: string, file: string, text: string, mode?: number): void {
    this.system.put(`${devices}/${address}/${file}`, text, mode);
  }

  /** Ends a write with an error. */
  refuse(path: string, error: KernelError): { exitCode: number; stderr: string } {
    return { exitCode: 1, stderr: `tee: ${path}: ${kernelWords[error]}\n` };
  }

  /** Puts a function there and lets its driver take it. */
  add(each: Plugged): void {
    const { address, under, group, sriov } = each;
    this.functions.set(address, each);
    const place = under === undefined ? "" : `/${under}`;
    this.system.links.set(`${devices}/${address}`, `../../../devices/pci0000:00${place}/${address}`);
    const file = (name: string, text: string): void => this.setFile(address, name, `${text}\n`);
    file("vendor", `0x${each.vendor}`);
    file("device", `0x${each.device}`);
    file("class", `0x${each.classCode}`);
    file("resource", "0x00000000fd000000 0x00000000fdffffff 0x0000000000040200");
    file("numa_node", "-1");
    file("driver_override", "(null)");
    if (each.resetMethods !== undefined && each.resetMethods !== "") file("reset_method", each.resetMethods);
    if (each.classCode.startsWith("0300")) file("boot_vga", each.isBootDisplay === true ? "1" : "0");
    if (group !== undefined && this.options.hasIommu !== false)
      this.system.links.set(`${devices}/${address}/iommu_group`, `../../../kernel/iommu_groups/${group}`);
    if (each.physicalFunction !== undefined)
      this.system.links.set(`${devices}/${address}/physfn`, `../${each.physicalFunction}`);
    if (sriov !== undefined) {
      file("sriov_totalvfs", String(sriov.total));
      file("sriov_numvfs", "0");
      file("sriov_drivers_autoprobe", each.autoprobe);
    }
    this.mdevs.addParent(each);
    this.xe.addCard(each);
    if (each.physicalFunction === undefined || this.functions.get(each.physicalFunction)?.autoprobe === "1")
      this.probe(each);
  }

  private write(path: string, text: string): object | Promise<object> {
    this.writes.push(`${path} <- ${text}`);
    if (path === "/sys/bus/pci/drivers_probe") return this.probeByAddress(path, text);
    const order = /^\/sys\/bus\/pci\/drivers\/([^/]+)\/(bind|unbind)$/.exec(path);
    if (order !== null)
      return order[2] === "bind" ? this.bind(path, order[1] ?? "", text) : this.unbind(path, order[1] ?? "", text);
    const [, address = "", file = ""] = /^\/sys\/bus\/pci\/devices\/([^/]+)\/(.+)$/.exec(path) ?? [];
    const device = this.functions.get(address);
    if (device === undefined) return this.mdevs.write(path, text) ?? this.refuse(path, "ENOENT");
    if (file === "driver_override") return this.setOverride(device, text);
    if (file === "sriov_drivers_autoprobe") return this.setAutoprobe(device, text);
    if (file === "sriov_numvfs") return this.vfs.write(path, device, Number(text));
    if (file === "nvidia/current_vgpu_type") return this.vgpus.write(path, device, text);
    return this.xe.write(path, device, text) ?? this.refuse(path, "ENOENT");
  }

  /** `stat -c "%a %n"`: modes of those that are there. */
  private stat(paths: readonly string[]): object {
    const lines = paths.flatMap((path) => {
      const file = this.system.files.get(path);
      return file === undefined ? [] : [`${file.mode.toString(8)} ${path}`];
    });
    return { exitCode: lines.length === paths.length ? 0 : 1, stdout: `${lines.join("\n")}\n` };
  }

  private read(path: string): object {
    const address = /^\/sys\/bus\/pci\/devices\/([^/]+)\//.exec(path)?.[1];
    if (this.waiting.some(({ device }) => device === address))
      throw new LeeaError({ code: "TIMED_OUT", message: "cat did not end in time" });
    const text = this.system.text(path);
    return text === undefined ? { exitCode: 1 } : { stdout: text };
  }

  private setOverride(device: Plugged, text: string): object {
    device.override = text;
    this.setFile(device.address, "driver_override", `${text === "" ? "(null)" : text}\n`);
    return {};
  }

  private setAutoprobe(device: Plugged, text: string): object {
    device.autoprobe = text;
    this.setFile(device.address, "sriov_drivers_autoprobe", `${text}\n`);
    return {};
  }

  private probeByAddress(path: string, address: string): object {
    const device = this.functions.get(address);
    if (device === undefined) return this.refuse(path, "ENODEV");
    this.probe(device);
    return {};
  }

  /** drivers_probe never fails: a driver that says no leaves the function without one. */
  private probe(device: Plugged): void {
    if (device.driver !== undefined) return;
    const wanted = device.override === "" ? device.hostDriver : device.override;
    if (wanted !== undefined && this.canBind(device, wanted)) this.setDriver(device, wanted);
  }

  private canBind(device: Plugged, driver: string): boolean {
    if (this.unwilling.has(driver)) return false;
    if (!isVfio(driver)) return driver === device.hostDriver;
    const isOfMaker = driver === "vfio-pci" || (device.vendor === "8086" && device.physicalFunction !== undefined);
    const hasGroup = device.group !== undefined && this.options.hasIommu !== false;
    return isOfMaker && this.modules.has(driver) && hasGroup;
  }

  private bind(path: string, driver: string, address: string): object {
    const device = this.functions.get(address);
    if (device === undefined) return this.refuse(path, "ENODEV");
    if (device.driver !== undefined) return this.refuse(path, "EBUSY");
    if (!this.canBind(device, driver)) return this.refuse(path, isVfio(driver) ? "EINVAL" : "ENODEV");
    this.setDriver(device, driver);
    return {};
  }

  private unbind(path: string, driver: string, address: string): object | Promise<object> {
    const device = this.functions.get(address);
    if (device === undefined || device.driver !== driver) return this.refuse(path, "ENODEV");
    return this.whenFree(this.nodeOf(address), address, () => this.setDriver(device, undefined));
  }

  private setDriver(device: Plugged, driver: string | undefined): void {
    const { address } = device;
    this.system.links.delete(`${devices}/${address}/driver`);
    this.system.links.delete(`/sys/bus/pci/drivers/${device.driver}/${address}`);
    if (driver === undefined) delete device.driver;
    else {
      device.driver = driver;
      this.system.links.set(`${devices}/${address}/driver`, `../../../bus/pci/drivers/${driver}`);
      this.system.links.set(`/sys/bus/pci/drivers/${driver}/${address}`, `../../../devices/${address}`);
    }
    this.vgpus.serve(device);
    const node = this.nodeOf(address);
    if (node === undefined) return;
    const isServed = [...this.functions.values()].some(
      (each) => this.nodeOf(each.address) === node && (isVfio(each.driver) || this.vgpus.isServed(each)),
    );
    if (isServed) this.system.put(node, "");
    else this.drop(node);
  }

  /** The holder is gone: what waited for its node goes on, in the order in which it came. */
  private letGo(holder: number): void {
    this.holders.delete(holder);
    this.modules.tell();
    const going = this.waiting;
    this.waiting = [];
    for (const { writerPid, act } of going) {
      act();
      this.system.end(writerPid);
    }
  }

  /** Takes a file, link or folder away. */
  drop(path: string): void {
    this.system.files.delete(path);
    this.system.links.delete(path);
    this.system.folders.delete(path);
  }
}
