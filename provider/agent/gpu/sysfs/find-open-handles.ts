// Which programs hold which device nodes open, by /proc/PID/fd. It looks at the whole host, so it costs tens of
// milliseconds; it is asked before a device is taken or given back, and for the inventory.

import type { OpenHandle } from "../../../model/gpu/host/host-use";
import type { AgentContext } from "../../agent-context";

/** Nodes by which a device is used: DRM, sound (an open one holds its unbind), NVIDIA's own, VFIO groups and VFIO devices. */
const nodeShape = /^\/dev\/(dri\/|snd\/|nvidia|vfio\/(?!vfio$))/;

/** What is open. `unseen`: processes that the agent may not look into, which may hold anything. */
export interface OpenHandles {
  readonly handles: readonly OpenHandle[];
  readonly unseen: readonly number[];
}

/** Every open handle on such a node, once for each process and node. A process that ends meanwhile has none. */
export async function findOpenHandles(ctx: AgentContext): Promise<OpenHandles> {
  const pids = await ctx.system.listPids();
  const found = await Promise.all(pids.map((pid) => lookInto(ctx, pid)));
  return {
    handles: found.flatMap((handles) => handles ?? []),
    unseen: pids.filter((_, index) => found[index] === undefined),
  };
}

/** undefined: the agent may not look (root of a container, of whose host the process is: proc_pid_fd(5)). */
async function lookInto(ctx: AgentContext, pid: number): Promise<readonly OpenHandle[] | undefined> {
  try {
    return await handlesOf(ctx, pid);
  } catch (error) {
    const { code } = error as { code?: unknown };
    if (code === "EACCES" || code === "EPERM") return undefined;
    throw error;
  }
}

async function handlesOf(ctx: AgentContext, pid: number): Promise<readonly OpenHandle[]> {
  const folder = `/proc/${pid}/fd`;
  const names = await listGone(ctx, folder);
  const targets = await Promise.all(names.map((name) => linkGone(ctx, `${folder}/${name}`)));
  const paths = [
    ...new Set(targets.flatMap((target) => (target !== undefined && nodeShape.test(target) ? [target] : []))),
  ];
  if (paths.length === 0) return [];
  const program = (await ctx.system.argvOf(pid))?.[0]?.split("/").at(-1);
  return paths.map((path) => ({ pid, path, ...(program === undefined || program === "" ? {} : { program }) }));
}

async function listGone(ctx: AgentContext, folder: string): Promise<readonly string[]> {
  try {
    return await ctx.system.list(folder);
  } catch (error) {
    return whereGone(error, []);
  }
}

async function linkGone(ctx: AgentContext, path: string): Promise<string | undefined> {
  try {
    return await ctx.system.readLink(path);
  } catch (error) {
    return whereGone(error, undefined);
  }
}

/** A process that ends while it is looked at answers ESRCH. Anything else would hide a holder, so it is an error. */
function whereGone<T>(error: unknown, none: T): T {
  if ((error as { code?: unknown }).code === "ESRCH") return none;
  throw error;
}
