// Puts the agent together and runs it: one process a host, told by its pid file; records are read and what runs is
// adopted before the first verb is heard.

import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { LeeaError } from "../model/errors";
import type { Agent } from "./agent";
import type { AgentContext } from "./agent-context";
import { openConsole } from "./console/open-console";
import { openGpuHost } from "./gpu/gpu-host";
import { resumeGpuWork } from "./gpu/resume-gpu-work";
import { type ControlVerb, controlHandlers } from "./handlers/control-handlers";
import { hostPaths } from "./host-paths";
import { type ControlRequest, startControlServer } from "./http/control-server";
import { Operations } from "./journal/operations";
import { sweepDrafts } from "./journal/sweep-drafts";
import { fileLog } from "./log";
import { restoreMesh, watchMesh } from "./mesh/mesh";
import { ExpectedMoves } from "./migration/destination/expected-moves";
import { watchSilentMoves } from "./migration/destination/watch-silent-moves";
import { restoreHostNetwork } from "./net/host-network";
import { readNodeSettings } from "./node/node-settings";
import { callPeer } from "./peer/call-peer";
import { ensurePeerServer } from "./peer/ensure-peer-server";
import { linuxSystem } from "./system/linux-system";
import { Machines } from "./vm/machine/machines";
import { noteMachineEnd, noteMachineHalt } from "./vm/note-machine-end";
import { sweepDecisions } from "./vm/record/decision-log";
import { loadVmRecords } from "./vm/record/vm-records";
import { recoverVms } from "./vm/recover-vms";

const sweepMs = 24 * 3600 * 1000;

/** Serves until it is told to stop. Error: NOT_ALLOWED_NOW while another agent of this host lives. */
export async function serve(): Promise<void> {
  const ctx = await makeContext();
  await claimHost(ctx);
  await ctx.system.makeFolder(ctx.paths.storage, 0o711);
  await sweepDrafts(ctx);
  const agent = await makeAgent(ctx);
  await agent.expected.load();
  const interrupted = await agent.operations.load();
  await restoreHostNetwork(ctx);
  await restoreMesh(ctx);
  watchMesh(ctx);
  await resumeGpuWork(agent, interrupted);
  await recoverVms(agent, interrupted);
  await ensurePeerServer(agent);
  watchSilentMoves(agent);
  keepSwept(agent);
  await startControlServer(
    ctx.paths.socket,
    (request) => handle(agent, request),
    ctx.log,
    ({ params, ...person }) => openConsole(agent, params["vmId"] ?? "", person),
  );
  ctx.log.write("info", "agent-started", { pid: process.pid, bundleHash: agent.bundleHash });
  process.on("SIGTERM", () => process.exit(0));
  process.on("unhandledRejection", (reason) =>
    ctx.log.write("error", "unhandled-rejection", {
      error: reason instanceof Error ? (reason.stack ?? reason.message) : String(reason),
    }),
  );
}

async function makeAgent(ctx: AgentContext): Promise<Agent> {
  const records = await loadVmRecords(ctx);
  const agent: Agent = {
    ctx,
    records,
    gpus: await openGpuHost(ctx, records),
    operations: new Operations(ctx),
    machines: new Machines(),
    expected: new ExpectedMoves(ctx),
    askPeer: (peer, verb, call) => callPeer(ctx, peer, verb, call),
    startedAtMs: ctx.system.nowMs(),
    bundleHash: createHash("sha256")
      .update(readFileSync(process.argv[1] ?? ""))
      .digest("hex"),
  };
  agent.machines.onEnd((machine) => void noteMachineEnd(agent, machine));
  agent.machines.onHalt((machine, halt) => void noteMachineHalt(agent, machine, halt));
  return agent;
}

/** Stories of deleted VMs go in their time; trouble with one is no reason to serve nobody. */
function keepSwept({ ctx, records }: Agent): void {
  const sweep = (): void =>
    void sweepDecisions(ctx, records).catch((error: unknown) =>
      ctx.log.write("warn", "sweep-failed", { error: String(error) }),
    );
  sweep();
  setInterval(sweep, sweepMs).unref();
}

async function makeContext(): Promise<AgentContext> {
  const { storagePath } = await readNodeSettings(linuxSystem);
  const paths = hostPaths(storagePath);
  await linuxSystem.makeFolder(paths.state, 0o711);
  await linuxSystem.makeFolder(paths.run, 0o700);
  await linuxSystem.makeFolder(paths.vmRun, 0o711);
  return { system: linuxSystem, paths, log: fileLog(`${paths.state}/agent.log`) };
}

/** The pid file holds pid and start time, a line each: a stale one of an earlier boot or process does not stop us. */
async function claimHost(ctx: AgentContext): Promise<void> {
  const path = `${ctx.paths.run}/agent.pid`;
  const [pid, startTicks] = ((await ctx.system.readText(path)) ?? "").trim().split("\n").map(Number);
  if (
    pid !== undefined &&
    startTicks !== undefined &&
    pid !== process.pid &&
    (await ctx.system.isAlive({ pid, startTicks }))
  ) {
    throw new LeeaError({
      code: "NOT_ALLOWED_NOW",
      message: `an agent (pid ${pid}) serves this host already`,
      hint: "Talk to it, or end it first.",
    });
  }
  const own = await ctx.system.markOf(process.pid);
  await ctx.system.writeText(path, `${process.pid}\n${own?.startTicks ?? 0}\n`);
}

async function handle(agent: Agent, request: ControlRequest): Promise<unknown> {
  const handler = controlHandlers[request.verb as ControlVerb] as (
    agent: Agent,
    request: ControlRequest,
  ) => Promise<unknown>;
  return handler(agent, request);
}
