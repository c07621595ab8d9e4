// Which kernel modules leea has brought into this boot's kernel: one durable file, synced before a module is loaded, so that
// whoever reads it can take out what nobody else had. A boot makes it void by itself.

import { LeeaError } from "../../../model/errors";
import type { AgentContext } from "../../agent-context";

interface ModuleRecord {
  /** The boot that it speaks of (/proc/sys/kernel/random/boot_id). */
  readonly bootId: string;
  /** In the kernel's spelling. */
  readonly modules: readonly string[];
}

/** Names that leea has loaded, or was about to, in this boot. */
export async function readLoadedModules(ctx: AgentContext): Promise<readonly string[]> {
  const text = await ctx.system.readText(fileOf(ctx));
  if (text === undefined) return [];
  const record = parseRecord(fileOf(ctx), text);
  return record.bootId === (await readBootId(ctx)) ? record.modules : [];
}

/** Syncs the names. */
export async function saveLoadedModules(ctx: AgentContext, modules: readonly string[]): Promise<void> {
  const record: ModuleRecord = { bootId: await readBootId(ctx), modules };
  await ctx.system.writeDurable(fileOf(ctx), `${JSON.stringify(record)}\n`);
}

/** True where a record is there, of whatever boot. */
export function hasModuleRecord(ctx: AgentContext): Promise<boolean> {
  return ctx.system.exists(fileOf(ctx));
}

/** Forgets them: none is ours any more. */
export function dropLoadedModules(ctx: AgentContext): Promise<void> {
  return ctx.system.remove(fileOf(ctx));
}

function fileOf(ctx: AgentContext): string {
  return `${ctx.paths.state}/gpu-modules.json`;
}

async function readBootId(ctx: AgentContext): Promise<string> {
  return ((await ctx.system.readText("/proc/sys/kernel/random/boot_id")) ?? "").trim();
}

function parseRecord(path: string, text: string): ModuleRecord {
  try {
    return JSON.parse(text) as ModuleRecord;
  } catch (cause) {
    throw new LeeaError({
      code: "INTERNAL",
      message: `the record ${path} is damaged`,
      hint: "Remove it: the kernel modules that leea loaded then stay until the host boots.",
      cause,
    });
  }
}
