// Which PCI functions the host's disks in use hang on: mounted, swap, part of another device, or member of a pool. Passing
// such a controller to a guest pulls the disk from under the host.

import type { AgentContext } from "../../agent-context";
import { lastAddressIn } from "../sysfs/gpu-paths";
import { readAttribute } from "../sysfs/read-attribute";

/** A disk in use, by its controller's address; `sign` is such as `sda1 (mounted on /)`. */
export interface DiskInUse {
  readonly address: string;
  readonly sign: string;
}

/** Every disk or partition in use, once for each controller that leads to it. */
export async function readDisksInUse(ctx: AgentContext): Promise<readonly DiskInUse[]> {
  const names = await ctx.system.list("/sys/class/block");
  const [mounts, swaps] = await Promise.all([
    ctx.system.readText("/proc/self/mountinfo"),
    ctx.system.readText("/proc/swaps"),
  ]);
  const found = await Promise.all(
    names.map(async (name) => {
      const use = await describeUse(ctx, name, { mounts: mounts ?? "", swaps: swaps ?? "" });
      if (use === undefined) return [];
      return (await controllersOf(ctx, name)).map((address) => ({ address, sign: `${name} (${use})` }));
    }),
  );
  return found.flat();
}

async function describeUse(
  ctx: AgentContext,
  name: string,
  { mounts, swaps }: { readonly mounts: string; readonly swaps: string },
): Promise<string | undefined> {
  const number = await readAttribute(ctx, `/sys/class/block/${name}/dev`);
  const mount = mountPointOf(mounts, name, number);
  if (mount !== undefined) return `mounted on ${mount}`;
  if (swaps.split("\n").some((line) => line.split(/\s+/)[0] === `/dev/${name}`)) return "swap";
  const holders = await ctx.system.list(`/sys/class/block/${name}/holders`);
  if (holders.length > 0) return `part of ${holders.join(", ")}`;
  const udev = number === undefined ? undefined : await ctx.system.readText(`/run/udev/data/b${number}`);
  return /^E:ID_FS_TYPE=zfs_member$/m.test(udev ?? "") ? "member of a ZFS pool" : undefined;
}

/** proc_pid_mountinfo(5): field 3 is major:minor, 5 the mount point, and the second after " - " the source. */
function mountPointOf(mountinfo: string, name: string, number: string | undefined): string | undefined {
  for (const line of mountinfo.split("\n")) {
    const [before = "", after = ""] = line.split(" - ");
    const fields = before.split(" ");
    const source = after.split(" ")[1];
    if ((number !== undefined && fields[2] === number) || source === `/dev/${name}`) return fields[4];
  }
  return undefined;
}

/** A disk of an NVMe subsystem hangs on no controller by its own link; the subsystem names them (kernel: nvme multipath). */
async function controllersOf(ctx: AgentContext, name: string): Promise<readonly string[]> {
  const target = (await ctx.system.readLink(`/sys/class/block/${name}`)) ?? "";
  const subsystem = /\/nvme-subsystem\/([^/]+)\//.exec(target)?.[1];
  if (subsystem === undefined) return lastAddressIn(target) === undefined ? [] : [lastAddressIn(target) ?? ""];
  const entries = await ctx.system.list(`/sys/class/nvme-subsystem/${subsystem}`);
  const targets = await Promise.all(
    entries.filter((entry) => /^nvme\d+$/.test(entry)).map((entry) => ctx.system.readLink(`/sys/class/nvme/${entry}`)),
  );
  return targets.flatMap((each) => lastAddressIn(each ?? "") ?? []);
}
