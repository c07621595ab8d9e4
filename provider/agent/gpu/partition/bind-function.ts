// Takes one function from its driver and gives it to a VFIO driver, and puts it back as it was. What was there before is in
// the synced record by then. Every step looks first, so that a half-done one is gone on with.

import type { FunctionBefore } from "../../../model/gpu/partition-record";
import type { PciFunction } from "../../../model/gpu/pci/pci-function";
import { refusalError } from "../../../model/gpu/refusal/gpu-trouble";
import { explainUnbound, isVfioDriver } from "../../../model/gpu/refusal/kernel-refusal";
import type { AgentContext } from "../../agent-context";
import { readFunction } from "../inventory/read-functions";
import { findVirtualParent } from "../inventory/virtual-parents";
import { driverPath, functionPath } from "../sysfs/gpu-paths";
import { orderKernel } from "../sysfs/order-kernel";
import { readLocked } from "../sysfs/write-sysfs";

/** How the function stands, for the record. */
export async function readBefore(ctx: AgentContext, device: PciFunction): Promise<FunctionBefore> {
  const driverOverride = await readOverride(ctx, device.address);
  return {
    address: device.address,
    vendorId: device.vendorId,
    deviceId: device.deviceId,
    ...(device.driver === undefined ? {} : { driver: device.driver }),
    ...(driverOverride === "" ? {} : { driverOverride }),
  };
}

/** Binds the function to `driver`, or leaves it on the VFIO driver that has it, and reads that back. Errors: those of orderKernel, `device-absent`, `bind-refused`, `no-iommu`. */
export async function bindFunction(ctx: AgentContext, address: string, driver: string): Promise<void> {
  const now = await demandFunction(ctx, address);
  // A guest may run on it: another VFIO driver would pull the device from under it.
  if (isVfioDriver(now.driver ?? "")) return;
  await setOverride(ctx, address, driver);
  await unbind(ctx, now);
  await probe(ctx, address);
  await demandDriver(ctx, address, driver);
}

/**
 * Puts the function back on the driver that it had, with the override that it had. One that is gone, or whose place another
 * card has taken, is left alone. Errors: those of orderKernel, `bind-refused` where its driver does not take it back.
 */
export async function restoreFunction(ctx: AgentContext, before: FunctionBefore): Promise<void> {
  const now = await readFunction(ctx, before.address);
  if (now === undefined || !isSameDevice(now, before)) return;
  await setOverride(ctx, before.address, before.driverOverride ?? "");
  if (now.driver === before.driver) return;
  await unbind(ctx, now);
  if (before.driver === undefined) return;
  await probe(ctx, before.address);
  const { driver } = await demandFunction(ctx, before.address);
  if (driver === undefined)
    await orderKernel(ctx, {
      act: "bind",
      device: before.address,
      write: { path: driverPath(before.driver, "bind"), text: before.address },
    });
  await demandDriver(ctx, before.address, before.driver);
}

/** The function, or the parent of mediated devices of this name; or the error that it is gone. */
export async function demandFunction(ctx: AgentContext, address: string): Promise<PciFunction> {
  const found = (await readFunction(ctx, address)) ?? (await findVirtualParent(ctx, address));
  if (found !== undefined) return found;
  throw refusalError(address, [{ trouble: "device-absent", message: `the host has no device ${address} any more` }]);
}

/** True where the card is the one that was recorded. A vendor's test driver may change a VF's ids, never its PF's place. */
export function isSameDevice(now: PciFunction, before: Pick<FunctionBefore, "vendorId" | "deviceId">): boolean {
  return now.vendorId === before.vendorId && now.deviceId === before.deviceId;
}

async function unbind(ctx: AgentContext, { address, driver }: PciFunction): Promise<void> {
  if (driver === undefined) return;
  await orderKernel(ctx, {
    act: "unbind",
    device: address,
    write: { path: driverPath(driver, "unbind"), text: address },
  });
}

function probe(ctx: AgentContext, address: string): Promise<void> {
  return orderKernel(ctx, {
    act: "bind",
    device: address,
    write: { path: "/sys/bus/pci/drivers_probe", text: address },
  });
}

async function setOverride(ctx: AgentContext, address: string, driver: string): Promise<void> {
  if ((await readOverride(ctx, address)) === driver) return;
  await orderKernel(ctx, {
    act: "set-override",
    device: address,
    write: { path: functionPath(address, "driver_override"), text: driver },
  });
}

/** The kernel writes "(null)" for none. */
async function readOverride(ctx: AgentContext, address: string): Promise<string> {
  const text = (await readLocked(ctx, functionPath(address, "driver_override")))?.trim() ?? "";
  return text === "(null)" ? "" : text;
}

/** A probe that found no driver, or whose driver said no, is no error of the write. */
async function demandDriver(ctx: AgentContext, address: string, wanted: string): Promise<void> {
  const { driver, iommuGroup } = await demandFunction(ctx, address);
  if (driver === wanted) return;
  const state = { device: address, hasIommuGroup: iommuGroup !== undefined, wanted };
  throw refusalError(address, [explainUnbound(driver === undefined ? state : { ...state, driver })]);
}
