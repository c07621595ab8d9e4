// ip(8) as the agent's hand on interfaces, addresses, routes and rules: one call, a batch in one process, or a look.
// Arguments are never put together to a line, but for a batch, whose words must hold no blank.

import { LeeaError } from "../../model/errors";
import type { AgentContext } from "../agent-context";

/** An interface as `ip -details -json link` tells it; only what is read here. */
export interface IpLink {
  readonly ifname: string;
  readonly mtu: number;
  readonly address?: string;
  readonly flags: readonly string[];
  readonly master?: string;
  readonly linkinfo?: { readonly info_kind?: string; readonly info_data?: Readonly<Record<string, unknown>> };
}

/** A route as `ip -json route` tells it; only what is read here. */
export interface IpRoute {
  readonly type?: string;
  readonly dst: string;
  readonly gateway?: string;
  readonly via?: { readonly host?: string };
  readonly dev?: string;
  readonly nexthops?: readonly { readonly dev?: string }[];
  readonly protocol?: string;
  readonly metric?: number;
  readonly table?: string;
}

/** Runs ip once. Error: COMMAND_FAILED; exit codes in `accept` besides 0 are taken as done. */
export async function runIp(ctx: AgentContext, args: readonly string[], accept: readonly number[] = []): Promise<void> {
  await ctx.system.run(["ip", ...args], { acceptExitCodes: [0, ...accept] });
}

/** Runs several ip commands in one process; it stops at the first that fails. Error: COMMAND_FAILED. */
export async function runIpBatch(ctx: AgentContext, commands: readonly (readonly string[])[]): Promise<void> {
  const blank = commands.flat().find((word) => !/^[^\s#\\'"]+$/.test(word));
  if (blank !== undefined) {
    throw new LeeaError({
      code: "INTERNAL",
      message: `"${blank}" cannot stand in a batch of ip commands`,
      hint: "This is a defect in leea; report it with this message.",
    });
  }
  if (commands.length === 0) return;
  await ctx.system.run(["ip", "-batch", "-"], { input: `${commands.map((words) => words.join(" ")).join("\n")}\n` });
}

/** What `ip -json …` shows; an empty list where it shows nothing or the thing that it is asked for does not exist. */
export async function showIp<T>(ctx: AgentContext, args: readonly string[]): Promise<readonly T[]> {
  const { stdout } = await ctx.system.run(["ip", "-json", ...args], { acceptExitCodes: [0, 1, 2] });
  const text = stdout.trim();
  // `ip -json` prints `[{},{…}]` for some filters: the empty ones stand for what was filtered out.
  const entries = text === "" ? [] : (JSON.parse(text) as readonly T[]);
  return entries.filter((entry) => Object.keys(entry as object).length > 0);
}

/** One interface; undefined where there is none of that name. */
export async function findLink(ctx: AgentContext, name: string): Promise<IpLink | undefined> {
  return (await showIp<IpLink>(ctx, ["-details", "link", "show", "dev", name]))[0];
}

/** Removes an interface; nothing where there is none. */
export async function removeLink(ctx: AgentContext, name: string): Promise<void> {
  if ((await findLink(ctx, name)) !== undefined) await runIp(ctx, ["link", "delete", "dev", name], [1]);
}
