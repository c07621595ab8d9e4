// Text of a sysfs file that never waits for a device's lock. A device may go away between a look and a read, and some
// drivers answer some files with an error: neither may hide the rest of the host.

import type { AgentContext } from "../../agent-context";

/** What a read answers where the device is gone, or its driver has nothing to say (kernel: fs/kernfs/file.c, drivers). */
const saysNothing = new Set(["ENODEV", "ENXIO", "EIO", "EINVAL", "ENODATA", "EOPNOTSUPP"]);

/** The text without white space at its ends; undefined where there is no such file, or no answer. */
export async function readAttribute(ctx: AgentContext, path: string): Promise<string | undefined> {
  try {
    return (await ctx.system.readText(path))?.trim();
  } catch (error) {
    if (saysNothing.has(String((error as { code?: unknown }).code))) return undefined;
    throw error;
  }
}
