// wireguard-go, the WireGuard of hosts whose kernel has none: one process an interface, which outlives the agent. Its mark lies in the
// run folder, so that the next agent knows it again. The interface is gone when the process ends.

import { LeeaError } from "../../../model/errors";
import type { AgentContext } from "../../agent-context";
import type { ProcessMark } from "../../system/system";
import { waitUntil } from "../wait-until";

const bundledPath = "/opt/leea/bin/wireguard-go";

/** Starts wireguard-go for an interface and waits until it answers. Errors: PACKAGES_MISSING, COMMAND_FAILED. */
export async function startWireguardDaemon(ctx: AgentContext, interfaceName: string): Promise<void> {
  const program = (await ctx.system.exists(bundledPath)) ? bundledPath : "wireguard-go";
  const logPath = `${wireguardFolder(ctx)}/${interfaceName}.log`;
  await ctx.system.makeFolder(wireguardFolder(ctx));
  const mark = await ctx.system.startDaemon({
    name: `wireguard-${interfaceName}`,
    argv: [program, "-f", interfaceName],
    env: { WG_PROCESS_FOREGROUND: "1", LOG_LEVEL: "error" },
    logPath,
  });
  await ctx.system.writeText(markPath(ctx, interfaceName), JSON.stringify(mark));
  const isEnded = async () => !(await ctx.system.isAlive(mark));
  await waitUntil(async () => (await mayAskWireguard(ctx, interfaceName)) || (await isEnded()), 10_000);
  if (await answersWireguard(ctx, interfaceName))
    return ctx.log.write("info", "wireguard-started", { interfaceName, pid: mark.pid });
  await ctx.system.signal(mark, "SIGKILL");
  const words = ((await ctx.system.readText(logPath)) ?? "").trim().slice(-400);
  throw new LeeaError({
    code: "COMMAND_FAILED",
    message: `Unable to start ${program} for ${interfaceName}: ${words === "" ? "it does not answer" : words}`,
    hint: `Its log is ${logPath} on the host; it needs /dev/net/tun.`,
  });
}

/** Ends the interface's process, if there is one, by its mark; with it goes the interface. */
export async function stopWireguardDaemon(ctx: AgentContext, interfaceName: string): Promise<void> {
  const mark = await findWireguardDaemon(ctx, interfaceName);
  if (mark !== undefined) {
    await ctx.system.signal(mark, "SIGTERM");
    const isGone = await waitUntil(async () => !(await ctx.system.isAlive(mark)), 5_000);
    if (!isGone) await ctx.system.signal(mark, "SIGKILL");
  }
  for (const path of [markPath(ctx, interfaceName), `${wireguardFolder(ctx)}/${interfaceName}.log`])
    await ctx.system.remove(path);
}

/** The interface's living process; undefined where there is none, as with the kernel's WireGuard. */
export async function findWireguardDaemon(ctx: AgentContext, interfaceName: string): Promise<ProcessMark | undefined> {
  const text = await ctx.system.readText(markPath(ctx, interfaceName));
  if (text === undefined) return undefined;
  const mark = JSON.parse(text) as ProcessMark;
  return (await ctx.system.isAlive(mark)) ? mark : undefined;
}

/**
 * True where wg(8) may be asked about the interface: it is the kernel's, or its process listens on its socket. wg(8) takes a socket that
 * refuses it for left over and removes it, so that asked between wireguard-go's bind(2) and its listen(2) it ends that process's start.
 */
export async function mayAskWireguard(ctx: AgentContext, interfaceName: string): Promise<boolean> {
  const folder = `/sys/class/net/${interfaceName}`;
  if (!(await ctx.system.exists(folder))) return false;
  const isOfProcess = await ctx.system.exists(`${folder}/tun_flags`);
  return !isOfProcess || isSocketListening((await ctx.system.readText("/proc/net/unix")) ?? "", interfaceName);
}

async function answersWireguard(ctx: AgentContext, interfaceName: string): Promise<boolean> {
  if (!(await mayAskWireguard(ctx, interfaceName))) return false;
  const argv = ["wg", "show", interfaceName, "listen-port"];
  const asked = ctx.system.run(argv, { acceptExitCodes: [0, 1], timeoutMs: 5_000 });
  return asked.then(
    ({ exitCode }) => exitCode === 0,
    () => false, // mute: it is ended like one that is not there
  );
}

/** /proc/net/unix, proc_net_unix(5): address, count, protocol, flags (__SO_ACCEPTCON once it listens), type, state, inode, path. */
function isSocketListening(unixSockets: string, interfaceName: string): boolean {
  return unixSockets.split("\n").some((line) => {
    const [, , , flags, , , , path] = line.split(/\s+/);
    return (
      path?.endsWith(`/wireguard/${interfaceName}.sock`) === true && (Number.parseInt(flags ?? "", 16) & 0x10000) !== 0
    );
  });
}

/** Folder of the marks and logs of all links. */
export function wireguardFolder(ctx: AgentContext): string {
  return `${ctx.paths.run}/wireguard`;
}

function markPath(ctx: AgentContext, interfaceName: string): string {
  return `${wireguardFolder(ctx)}/${interfaceName}.json`;
}
