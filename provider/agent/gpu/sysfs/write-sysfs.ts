// Writes to sysfs, each by a child with a bound: the kernel keeps a write on a device in use waiting until it is free, and
// no signal ends that. Files whose reading takes the device's lock wait as long, so they are read by a child too.

import { isLeeaError } from "../../../model/errors";
import { type Errno, errnoOf } from "../../../model/gpu/refusal/errno";
import type { AgentContext } from "../../agent-context";
import type { ProcessMark, RunOptions } from "../../system/system";

/** Longest time of a write. Measured: 0.6 s for seven VFs. */
const writeTimeoutMs = 20_000;
const readTimeoutMs = 5_000;
/** A vendor's tool makes dozens of VFs one after another, each taken by its driver. */
const toolTimeoutMs = 120_000;

/** How a write ended. `words`: the end of what the program said. `blocked`: it still waits in the kernel; its process, where it is known. */
export type SysfsWrite =
  | { readonly ended: "done" }
  | { readonly ended: "refused"; readonly errno?: Errno; readonly words?: string }
  | { readonly ended: "blocked"; readonly writer?: ProcessMark };

/** Writes one line. Nothing is spliced anywhere: the text is the writer's input, the path its argument. */
export function writeSysfs(ctx: AgentContext, path: string, text: string): Promise<SysfsWrite> {
  const input = `${text}\n`;
  return runWriter(ctx, ["tee", path], { timeoutMs: writeTimeoutMs, acceptExitCodes: [0, 1], input });
}

/** Runs a vendor's tool that writes to sysfs by itself, bounded alike; any exit code but 0 is a refusal. */
export function runSysfsTool(ctx: AgentContext, argv: readonly string[]): Promise<SysfsWrite> {
  const acceptExitCodes = Array.from({ length: 256 }, (_, code) => code);
  return runWriter(ctx, argv, { timeoutMs: toolTimeoutMs, acceptExitCodes });
}

/** Text of a file whose reading may wait for the device's lock; undefined where it is not there or does not come in time. */
export async function readLocked(ctx: AgentContext, path: string): Promise<string | undefined> {
  if (!(await ctx.system.exists(path))) return undefined;
  try {
    const { exitCode, stdout } = await ctx.system.run(["cat", path], {
      timeoutMs: readTimeoutMs,
      acceptExitCodes: [0, 1],
    });
    return exitCode === 0 ? stdout : undefined;
  } catch (error) {
    if (isLeeaError(error, "TIMED_OUT")) return undefined;
    throw error;
  }
}

async function runWriter(ctx: AgentContext, argv: readonly string[], options: RunOptions): Promise<SysfsWrite> {
  try {
    const { exitCode, stdout, stderr } = await ctx.system.run(argv, options);
    if (exitCode === 0) return { ended: "done" };
    const errno = errnoOf(stderr);
    const words = (stderr.trim() || stdout.trim()).slice(-200);
    ctx.log.write("debug", "sysfs-refused", { argv, errno, words });
    return { ended: "refused", words, ...(errno === undefined ? {} : { errno }) };
  } catch (error) {
    if (!isLeeaError(error, "TIMED_OUT")) throw error;
    const writer = error.details?.["stillRuns"] as ProcessMark | undefined;
    return { ended: "blocked", ...(writer === undefined ? {} : { writer }) };
  }
}
