// The PCI functions of the host, as sysfs has them. It reads only files that never wait for a device's lock: VFs are
// counted by their links, because `sriov_numvfs` waits for a pending write, and takes the reader along.

import { comparePciAddresses } from "../../../model/gpu/pci/pci-address";
import { parseResourceFile } from "../../../model/gpu/pci/pci-bars";
import { kindOfClass, parseClassCode } from "../../../model/gpu/pci/pci-class";
import { type PciFunction, parseResetMethods } from "../../../model/gpu/pci/pci-function";
import type { AgentContext } from "../../agent-context";
import { functionPath, lastAddressIn, lastPart, pciDevicesFolder } from "../sysfs/gpu-paths";
import { readAttribute } from "../sysfs/read-attribute";

/** Every function, in the order of their addresses. One that goes away meanwhile is left out. */
export async function readFunctions(ctx: AgentContext): Promise<readonly PciFunction[]> {
  // The kernel lists them in no order of ours, and a report must not change by that.
  const addresses = (await ctx.system.list(pciDevicesFolder)).toSorted(comparePciAddresses);
  const functions = await Promise.all(addresses.map((address) => readFunction(ctx, address)));
  return functions.flatMap((each) => each ?? []);
}

/** Whether any is a display controller or an accelerator, by their classes alone: most servers have hundreds of functions and none. */
export async function hasGpu(ctx: AgentContext): Promise<boolean> {
  const addresses = await ctx.system.list(pciDevicesFolder);
  const texts = await Promise.all(addresses.map((address) => readAttribute(ctx, functionPath(address, "class"))));
  return texts.some((text) => ["display", "accelerator"].includes(kindOfClass(parseClassCode(text ?? "") ?? "")));
}

/** One function; undefined where the host has none at this address. */
export async function readFunction(ctx: AgentContext, address: string): Promise<PciFunction | undefined> {
  const text = (file: string): Promise<string | undefined> => readAttribute(ctx, functionPath(address, file));
  const [vendor, device, classText] = await Promise.all([text("vendor"), text("device"), text("class")]);
  const classCode = parseClassCode(classText ?? "");
  if (vendor === undefined || device === undefined || classCode === undefined) return undefined;
  return {
    address,
    vendorId: bareId(vendor),
    deviceId: bareId(device),
    classCode,
    bars: parseResourceFile((await text("resource")) ?? ""),
    isBootDisplay: (await text("boot_vga")) === "1",
    ...(await readLinks(ctx, address)),
    ...(await readSriov(ctx, address)),
    ...optionalParts(await text("reset_method"), await text("numa_node"), await text("label")),
  };
}

type Links = Pick<PciFunction, "driver" | "iommuGroup" | "physicalFunction" | "upstreamBridge">;

async function readLinks(ctx: AgentContext, address: string): Promise<Links> {
  const link = (file: string): Promise<string | undefined> => ctx.system.readLink(functionPath(address, file));
  const [driver, group, physical, place] = await Promise.all([
    link("driver"),
    link("iommu_group"),
    link("physfn"),
    ctx.system.readLink(functionPath(address)),
  ]);
  const upstreamBridge = lastAddressIn((place ?? "").slice(0, -`/${address}`.length));
  return withoutAbsent({
    driver: lastPart(driver),
    iommuGroup: lastPart(group),
    physicalFunction: lastPart(physical),
    upstreamBridge,
  });
}

async function readSriov(
  ctx: AgentContext,
  address: string,
): Promise<Pick<PciFunction, "totalVfs" | "virtualFunctions">> {
  const total = Number((await readAttribute(ctx, functionPath(address, "sriov_totalvfs"))) ?? 0);
  return { totalVfs: total, virtualFunctions: total === 0 ? [] : await readVirtualFunctions(ctx, address) };
}

/** Addresses of a PF's VFs, by the number in `virtfnN`: they follow no rule that could be computed. */
export async function readVirtualFunctions(ctx: AgentContext, address: string): Promise<readonly string[]> {
  const names = (await ctx.system.list(functionPath(address))).filter((name) => /^virtfn\d+$/.test(name));
  const numbered = await Promise.all(
    names.map(async (name) => ({
      index: Number(name.slice("virtfn".length)),
      address: lastPart(await ctx.system.readLink(functionPath(address, name))),
    })),
  );
  return numbered.sort((left, right) => left.index - right.index).flatMap((each) => each.address ?? []);
}

function optionalParts(
  resetMethod: string | undefined,
  numaNode: string | undefined,
  label: string | undefined,
): Pick<PciFunction, "resetMethods" | "numaNode" | "label"> {
  const node = Number(numaNode ?? -1);
  return withoutAbsent({
    resetMethods: resetMethod === undefined ? undefined : parseResetMethods(resetMethod),
    numaNode: Number.isInteger(node) && node >= 0 ? node : undefined,
    label: label === "" ? undefined : label,
  });
}

/** `0x10de` is 10de. */
function bareId(text: string): string {
  return text.replace(/^0x/, "").toLowerCase();
}

type Present<T> = { [K in keyof T]?: Exclude<T[K], undefined> };

function withoutAbsent<T extends object>(parts: T): Present<T> {
  return Object.fromEntries(Object.entries(parts).filter(([, value]) => value !== undefined)) as Present<T>;
}
