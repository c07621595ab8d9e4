// How this machine's PCI devices stand, read by other means than the agent's: drivers, overrides, VFs, mediated devices and VFIO
// modules, one line each, for a comparison of before and after. It reads nothing of a device that a write could hold.

import { existsSync, readdirSync, readFileSync, readlinkSync } from "node:fs";
import { basename, join } from "node:path";

const devices = "/sys/bus/pci/devices";

/** The lines, sorted. */
export function snapshotMachine(): readonly string[] {
  const functions = listed(devices).map(describeFunction);
  const mdevs = listed("/sys/bus/mdev/devices").map((uuid) => `mdev ${uuid}`);
  const modules = (read("/proc/modules") ?? "").split("\n").flatMap((line) => {
    const name = line.split(" ")[0] ?? "";
    return /vfio|irqbypass/.test(name) ? [`module ${name}`] : [];
  });
  return [...functions, ...mdevs, ...modules].sort();
}

/** Addresses of the display controllers and accelerators that are no VF, by their class codes. */
export function gpusOfMachine(): readonly string[] {
  return listed(devices).filter((address) => {
    const code = read(join(devices, address, "class")) ?? "";
    return /^0x(03|12|0b40)/.test(code) && !existsSync(join(devices, address, "physfn"));
  });
}

function describeFunction(address: string): string {
  const folder = join(devices, address);
  const driver = existsSync(join(folder, "driver")) ? basename(readlinkSync(join(folder, "driver"))) : "-";
  const files = ["driver_override", "sriov_drivers_autoprobe"].map((file) => read(join(folder, file)) ?? "-");
  const vfs = listed(folder).filter((name) => name.startsWith("virtfn")).length;
  return `${address} ${driver} ${files.join(" ")} vfs=${vfs}`;
}

function listed(folder: string): readonly string[] {
  return existsSync(folder) ? readdirSync(folder) : [];
}

function read(path: string): string | undefined {
  return existsSync(path) ? readFileSync(path, "utf8").trim() : undefined;
}
