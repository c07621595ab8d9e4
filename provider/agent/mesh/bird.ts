// Our own BIRD: own configuration, own control socket, own pid file, under the run folder. It is started, adopted, told to read its
// configuration again, and ended with time to take its routes back. The BIRD of the distribution and /etc/bird are never touched.

import { birdConfig, meshRouteMetric } from "../../model/bird-config";
import { LeeaError } from "../../model/errors";
import type { AgentContext } from "../agent-context";
import type { ProcessMark } from "../system/system";
import type { MeshState } from "./mesh-state";
import { waitUntil } from "./wait-until";

/** How long BIRD gets to take back its routes: it needs about 30 ms. */
const stopTimeoutMs = 5_000;
const startTimeoutMs = 10_000;

/** Makes BIRD run with the configuration of this membership: adopts a running one, reconfigures it where the text changed. */
export async function runBird(ctx: AgentContext, state: MeshState): Promise<void> {
  const paths = birdPaths(ctx);
  const text = birdConfig({ ...state.parameters, meshAddress: state.meshAddress, meshAddress6: state.meshAddress6 });
  const isSame = (await ctx.system.readText(paths.config)) === text;
  if (!isSame) await ctx.system.writeText(paths.config, text, 0o600);
  const running = await findBird(ctx);
  if (running === undefined) return startBird(ctx);
  if (isSame) return;
  await ctx.system.run(["birdc", "-s", paths.socket, "configure"], { timeoutMs: 10_000 });
  ctx.log.write("info", "bird-reconfigured");
}

/**
 * Ends BIRD in good order: it withdraws what it announced and takes its routes out of the kernel. Routes of one that was killed are
 * taken out too; those of another BIRD have another metric. Nothing where none runs.
 */
export async function stopBird(ctx: AgentContext): Promise<void> {
  const mark = await findBird(ctx);
  if (mark !== undefined) {
    await ctx.system.signal(mark, "SIGTERM");
    const isGone = await waitUntil(async () => !(await ctx.system.isAlive(mark)), stopTimeoutMs);
    if (!isGone) await ctx.system.signal(mark, "SIGKILL");
    ctx.log.write("info", "bird-stopped", { graceful: isGone });
  }
  const ours = ["table", "main", "proto", "bird", "metric", String(meshRouteMetric)];
  for (const family of ["-4", "-6"]) {
    await ctx.system.run(["ip", family, "route", "flush", ...ours], { acceptExitCodes: [0, 1, 2] });
  }
}

/** Our running BIRD: the process that the pid file names, if its arguments hold our configuration's path. */
export async function findBird(ctx: AgentContext): Promise<ProcessMark | undefined> {
  const paths = birdPaths(ctx);
  const pid = Number((await ctx.system.readText(paths.pid))?.trim() ?? "");
  if (!Number.isInteger(pid) || pid <= 0) return undefined;
  const argv = (await ctx.system.argvOf(pid)) ?? [];
  return argv.includes(paths.config) ? ctx.system.markOf(pid) : undefined;
}

/** Folder of everything that BIRD has on this host. */
export function birdFolder(ctx: AgentContext): string {
  return `${ctx.paths.run}/bird`;
}

async function startBird(ctx: AgentContext): Promise<void> {
  const paths = birdPaths(ctx);
  await ctx.system.run(["bird", "-p", "-c", paths.config], { timeoutMs: 10_000 });
  await ctx.system.remove(paths.socket);
  await ctx.system.remove(paths.pid);
  const argv = ["bird", "-f", "-c", paths.config, "-s", paths.socket, "-P", paths.pid];
  const mark = await ctx.system.startDaemon({ name: "bird", argv, logPath: paths.log });
  const isUp = await waitUntil(async () => (await findBird(ctx)) !== undefined && answers(ctx), startTimeoutMs);
  if (isUp) return ctx.log.write("info", "bird-started", { pid: mark.pid });
  const words = ((await ctx.system.readText(paths.log)) ?? "").trim().slice(-400);
  throw new LeeaError({
    code: "COMMAND_FAILED",
    message: `Unable to start BIRD, the mesh's routing daemon: ${words === "" ? "it does not answer" : words}`,
    hint: `Its log is ${paths.log} on the host.`,
  });
}

async function answers(ctx: AgentContext): Promise<boolean> {
  const argv = ["birdc", "-s", birdPaths(ctx).socket, "show", "status"];
  return (await ctx.system.run(argv, { acceptExitCodes: [0, 1, 2], timeoutMs: 5_000 })).exitCode === 0;
}

function birdPaths(ctx: AgentContext) {
  const folder = birdFolder(ctx);
  return {
    config: `${folder}/bird.conf`,
    socket: `${folder}/bird.ctl`,
    pid: `${folder}/bird.pid`,
    log: `${folder}/bird.log`,
  };
}
