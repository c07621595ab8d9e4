// What the host itself does with its PCI functions: displays, consoles, disks, network interfaces, open handles. Each sign
// is looked up anew; nothing is remembered, because a monitor may be plugged in at any time.

import type { HostUseSigns, OpenHandle } from "../../../model/gpu/host/host-use";
import type { PciFunction } from "../../../model/gpu/pci/pci-function";
import type { AgentContext } from "../../agent-context";
import { functionsOfNode } from "../sysfs/functions-of-node";
import { lastAddressIn } from "../sysfs/gpu-paths";
import { readAttribute } from "../sysfs/read-attribute";
import { readDisksInUse } from "./read-disks-in-use";

/** A sign and the function it speaks of. */
interface Sign<T> {
  readonly address: string;
  readonly sign: T;
}

/** The signs of every function, by address. `handles`: those of find-open-handles.ts, or none where only what lasts is to be told. */
export async function readHostUse(
  ctx: AgentContext,
  functions: readonly PciFunction[],
  handles: readonly OpenHandle[],
): Promise<ReadonlyMap<string, HostUseSigns>> {
  const [connectors, framebuffers, interfaces, disks, held] = await Promise.all([
    readEnabledConnectors(ctx),
    readConsoleFramebuffers(ctx),
    readInterfacesUp(ctx),
    readDisksInUse(ctx),
    findHeld(ctx, functions, handles),
  ]);
  const of = <T>(signs: readonly Sign<T>[], address: string): readonly T[] =>
    signs.flatMap((each) => (each.address === address ? [each.sign] : []));
  return new Map(
    functions.map(({ address, isBootDisplay }) => {
      const framebuffer = of(framebuffers, address)[0];
      const signs: HostUseSigns = {
        address,
        isBootDisplay,
        enabledConnectors: of(connectors, address),
        openHandles: of(held, address),
        disksInUse: of(disks, address),
        interfacesUp: of(interfaces, address),
        ...(framebuffer === undefined ? {} : { consoleFramebuffer: framebuffer }),
      };
      return [address, signs];
    }),
  );
}

/** `cardN-NAME` of a card whose `enabled` says so (kernel: drm_sysfs.c). */
async function readEnabledConnectors(ctx: AgentContext): Promise<readonly Sign<string>[]> {
  const names = (await ctx.system.list("/sys/class/drm")).filter((name) => /^card\d+-/.test(name));
  const enabled = await Promise.all(
    names.map(async (name) => (await readAttribute(ctx, `/sys/class/drm/${name}/enabled`)) === "enabled"),
  );
  return owned(
    ctx,
    "/sys/class/drm",
    names.filter((_, index) => enabled[index]),
  );
}

/**
 * Framebuffers that the text console is on: the first one, while a framebuffer console is bound (kernel: fbcon.rst), and any
 * where the command line maps consoles itself.
 */
async function readConsoleFramebuffers(ctx: AgentContext): Promise<readonly Sign<string>[]> {
  const consoles = await ctx.system.list("/sys/class/vtconsole");
  const bound = await Promise.all(
    consoles.map(async (name) => {
      const file = (each: string): Promise<string | undefined> =>
        readAttribute(ctx, `/sys/class/vtconsole/${name}/${each}`);
      return (await file("bind")) === "1" && /frame buffer/.test((await file("name")) ?? "");
    }),
  );
  if (!bound.includes(true)) return [];
  const isMapped = /\bfbcon=map:/.test((await ctx.system.readText("/proc/cmdline")) ?? "");
  const names = (await ctx.system.list("/sys/class/graphics")).filter((name) => /^fb\d+$/.test(name));
  names.sort((left, right) => Number(left.slice(2)) - Number(right.slice(2)));
  return owned(ctx, "/sys/class/graphics", isMapped ? names : names.slice(0, 1));
}

/** Interfaces with IFF_UP in `flags` (netdevice(7)). */
async function readInterfacesUp(ctx: AgentContext): Promise<readonly Sign<string>[]> {
  const names = await ctx.system.list("/sys/class/net");
  const up = await Promise.all(
    names.map(async (name) => (Number((await readAttribute(ctx, `/sys/class/net/${name}/flags`)) ?? 0) & 1) === 1),
  );
  return owned(
    ctx,
    "/sys/class/net",
    names.filter((_, index) => up[index]),
  );
}

/** The functions that these entries of a class belong to, by where their links lead. */
async function owned(ctx: AgentContext, folder: string, names: readonly string[]): Promise<readonly Sign<string>[]> {
  const targets = await Promise.all(names.map((name) => ctx.system.readLink(`${folder}/${name}`)));
  return names.flatMap((sign, index) => {
    const address = lastAddressIn(targets[index] ?? "");
    return address === undefined ? [] : [{ address, sign }];
  });
}

async function findHeld(
  ctx: AgentContext,
  functions: readonly PciFunction[],
  handles: readonly OpenHandle[],
): Promise<readonly Sign<OpenHandle>[]> {
  const owners = await Promise.all(handles.map(({ path }) => functionsOfNode(ctx, functions, path)));
  return handles.flatMap((sign, index) => (owners[index] ?? []).map((address) => ({ address, sign })));
}
