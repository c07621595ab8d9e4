// Our own dnsmasq processes: started with a configuration of their own, found again after the agent's restart by pid and
// start time, replaced when the configuration changes. Never touches a dnsmasq that it did not start.

import { LeeaError } from "../../model/errors";
import type { AgentContext } from "../agent-context";
import type { ProcessMark } from "../system/system";
import { runFolder } from "./net-journal";

/** A dnsmasq by our label for it. The configuration must name `dnsmasqFiles(…).pidFile`: it is the sign of readiness. */
export interface DnsmasqWanted {
  readonly name: string;
  readonly config: string;
}

interface KeptMark extends ProcessMark {
  readonly config: string;
}

const readyTimeoutMs = 30_000;
const endTimeoutMs = 3000;

/** The files of one dnsmasq. */
export function dnsmasqFiles(ctx: AgentContext, name: string) {
  const base = `${runFolder(ctx)}/${name}`;
  return {
    configFile: `${base}.conf`,
    pidFile: `${base}.pid`,
    leaseFile: `${base}.leases`,
    logFile: `${base}.log`,
    markFile: `${base}.mark`,
  };
}

/** Makes this dnsmasq run with this configuration; returns when it serves. Error: NETWORK_CONFLICT with its own words when it does not. */
export async function setDnsmasq(ctx: AgentContext, wanted: DnsmasqWanted): Promise<void> {
  const running = await findDnsmasq(ctx, wanted.name);
  if (running?.config === wanted.config) return;
  if (running !== undefined) await endProcess(ctx, running);
  const files = dnsmasqFiles(ctx, wanted.name);
  await ctx.system.writeText(files.configFile, wanted.config);
  await ctx.system.remove(files.pidFile);
  const mark = await ctx.system.startDaemon({
    name: `dnsmasq-${wanted.name}`,
    argv: argvOf(files.configFile),
    logPath: files.logFile,
  });
  await ctx.system.writeText(files.markFile, JSON.stringify({ ...mark, config: wanted.config }));
  await waitUntilReady(ctx, wanted.name, mark);
}

/** Ends this dnsmasq and removes its files; nothing where there is none. */
export async function removeDnsmasq(ctx: AgentContext, name: string): Promise<void> {
  const running = await findDnsmasq(ctx, name);
  if (running !== undefined) await endProcess(ctx, running);
  for (const path of Object.values(dnsmasqFiles(ctx, name))) await ctx.system.remove(path);
}

function argvOf(configFile: string): readonly string[] {
  return ["dnsmasq", "--keep-in-foreground", `--conf-file=${configFile}`];
}

/** By the kept mark; else by its argv, which holds a path of ours: the agent may have died before it kept the mark. */
async function findDnsmasq(ctx: AgentContext, name: string): Promise<KeptMark | undefined> {
  const files = dnsmasqFiles(ctx, name);
  const text = await ctx.system.readText(files.markFile);
  if (text !== undefined && text !== "") {
    const kept = JSON.parse(text) as KeptMark;
    if (await ctx.system.isAlive(kept)) return kept;
  }
  const wanted = argvOf(files.configFile).join("\0");
  for (const pid of await ctx.system.listPids()) {
    if ((await ctx.system.argvOf(pid))?.join("\0") !== wanted) continue;
    const mark = await ctx.system.markOf(pid);
    if (mark !== undefined) return { ...mark, config: "" };
  }
  return undefined;
}

async function endProcess(ctx: AgentContext, mark: ProcessMark): Promise<void> {
  await ctx.system.signal(mark, "SIGTERM");
  if (await isGoneWithin(ctx, mark, endTimeoutMs)) return;
  await ctx.system.signal(mark, "SIGKILL");
  await isGoneWithin(ctx, mark, endTimeoutMs);
}

async function isGoneWithin(ctx: AgentContext, mark: ProcessMark, timeoutMs: number): Promise<boolean> {
  const deadline = ctx.system.nowMs() + timeoutMs;
  while (await ctx.system.isAlive(mark)) {
    if (ctx.system.nowMs() > deadline) return false;
    await pause(10);
  }
  return true;
}

/** dnsmasq writes its pid file when its sockets are bound. */
async function waitUntilReady(ctx: AgentContext, name: string, mark: ProcessMark): Promise<void> {
  const files = dnsmasqFiles(ctx, name);
  const deadline = ctx.system.nowMs() + readyTimeoutMs;
  for (;;) {
    if (((await ctx.system.readText(files.pidFile)) ?? "") !== "") return;
    if (!(await ctx.system.isAlive(mark)) || ctx.system.nowMs() > deadline) break;
    await pause(10);
  }
  const log = ((await ctx.system.readText(files.logFile)) ?? "").trim().slice(-400);
  throw new LeeaError({
    code: "NETWORK_CONFLICT",
    message: `Unable to serve DHCP or DNS to guests: dnsmasq for ${name} did not start: ${log}`,
    hint: "If an address is in use, another DHCP or DNS server of this host listens on every interface: let it listen on its own only (dnsmasq: bind-dynamic; named: listen-on).",
  });
}

function pause(timeMs: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, timeMs));
}
