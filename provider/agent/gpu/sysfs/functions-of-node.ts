// Which functions a device node under /dev stands for: a DRM node its card, a VFIO group all its functions, NVIDIA's node
// the card of its minor. It never guesses one card where several may be meant.

import type { PciFunction } from "../../../model/gpu/pci/pci-function";
import type { AgentContext } from "../../agent-context";
import { functionPath, lastAddressIn } from "./gpu-paths";

/** Their addresses. A node of NVIDIA's that belongs to no one card (`nvidiactl`) stands for none. */
export async function functionsOfNode(
  ctx: AgentContext,
  functions: readonly PciFunction[],
  path: string,
): Promise<readonly string[]> {
  const name = path.split("/").at(-1) ?? "";
  const classFolder = path.startsWith("/dev/dri/") ? "drm" : "sound";
  if (/^\/dev\/(dri|snd)\//.test(path)) {
    const address = lastAddressIn((await ctx.system.readLink(`/sys/class/${classFolder}/${name}`)) ?? "");
    return address === undefined ? [] : [address];
  }
  const group = /^\/dev\/vfio\/(\d+)$/.exec(path)?.[1];
  if (group !== undefined) return functions.flatMap((each) => (each.iommuGroup === group ? [each.address] : []));
  if (path.startsWith("/dev/vfio/devices/"))
    return withEntry(ctx, functions, (address) => functionPath(address, `vfio-dev/${name}`));
  const minor = /^\/dev\/nvidia(\d+)$/.exec(path)?.[1];
  return minor === undefined ? [] : nvidiaMinor(ctx, functions, minor);
}

async function withEntry(
  ctx: AgentContext,
  functions: readonly PciFunction[],
  entry: (address: string) => string,
): Promise<readonly string[]> {
  const has = await Promise.all(functions.map(({ address }) => ctx.system.exists(entry(address))));
  return functions.flatMap(({ address }, index) => (has[index] ? [address] : []));
}

/** NVIDIA's driver tells each card's minor in /proc; where it does not, the node stands for every card that it has. */
async function nvidiaMinor(
  ctx: AgentContext,
  functions: readonly PciFunction[],
  minor: string,
): Promise<readonly string[]> {
  // A VF on the vendor's driver has no node: what holds its card's does not hold the VF.
  const own = functions.filter((each) => each.driver === "nvidia" && each.physicalFunction === undefined);
  const minors = await Promise.all(
    own.map(async ({ address }) => {
      const text = await ctx.system.readText(`/proc/driver/nvidia/gpus/${address}/information`);
      return /^Device Minor:\s*(\d+)/m.exec(text ?? "")?.[1];
    }),
  );
  const exact = own.filter((_, index) => minors[index] === minor);
  return (exact.length > 0 ? exact : own.filter((_, index) => minors[index] === undefined)).map(
    ({ address }) => address,
  );
}
