// Why this host did what it did with a VM: the last decisions, one JSON line each, in a file of the VM's own. It is told,
// never asked: no act waits for it, and a line that cannot be written is logged and lost. It is kept after the VM moved
// away, for as long as this host remembers it; of a deleted VM it goes a week after the last line. Never holds a secret.

import type { Decision } from "../../../protocol/decision";
import type { AgentContext } from "../../agent-context";
import { takeTurn } from "../../mesh/take-turn";
import type { System } from "../../system/system";
import type { VmRecords } from "./vm-records";

const keptLines = 200;
const slackLines = 100;
const maxTextLength = 500;
const maxEvidenceLength = 4_000;
const keptAfterDeletionMs = 7 * 24 * 3600 * 1000;

const lineCounts = new WeakMap<System, Map<string, number>>();

/** Writes a decision down, in the background; the host adds the time. Takes what it needs at once, and never throws. */
export function noteDecision(ctx: AgentContext, vmId: string, decision: Omit<Decision, "atMs">): void {
  const atMs = ctx.system.nowMs();
  try {
    const line = `${JSON.stringify(bounded({ atMs, ...decision }))}\n`;
    void takeTurn(ctx, turnOf(vmId), () => append(ctx, vmId, line)).catch((error: unknown) =>
      complain(ctx, vmId, error),
    );
  } catch (error) {
    complain(ctx, vmId, error); // evidence that is no JSON
  }
}

/** The decisions of a VM on this host, oldest first, after all that were noted before; empty where there are none. */
export function readDecisions(ctx: AgentContext, vmId: string): Promise<readonly Decision[]> {
  return takeTurn(ctx, turnOf(vmId), async () => parse((await ctx.system.readText(pathOf(ctx, vmId))) ?? ""));
}

/** Removes the stories of VMs that are deleted, or that no record names, a week after their last line. */
export async function sweepDecisions(ctx: AgentContext, records: Pick<VmRecords, "get">): Promise<void> {
  for (const file of await ctx.system.list(folderOf(ctx))) {
    const vmId = file.replace(/\.jsonl$/, "");
    const role = records.get(vmId)?.role ?? "deleted";
    const last = (await readDecisions(ctx, vmId)).at(-1)?.atMs ?? 0;
    if (role !== "deleted" || ctx.system.nowMs() - last < keptAfterDeletionMs) continue;
    await takeTurn(ctx, turnOf(vmId), () => ctx.system.remove(pathOf(ctx, vmId)));
    countsOf(ctx).delete(vmId);
  }
}

async function append(ctx: AgentContext, vmId: string, line: string): Promise<void> {
  const counts = countsOf(ctx);
  const path = pathOf(ctx, vmId);
  const known = counts.get(vmId);
  const before = known ?? lines((await ctx.system.readText(path)) ?? "").length;
  // A power cut may have torn the last line of an earlier process: ours begins on a line of its own.
  await ctx.system.appendText(path, known === undefined && before > 0 ? `\n${line}` : line);
  counts.set(vmId, before + 1);
  if (before + 1 > keptLines + slackLines) await shorten(ctx, vmId);
}

async function shorten(ctx: AgentContext, vmId: string): Promise<void> {
  const path = pathOf(ctx, vmId);
  const kept = lines((await ctx.system.readText(path)) ?? "").slice(-keptLines);
  await ctx.system.writeDurable(path, `${kept.join("\n")}\n`);
  countsOf(ctx).set(vmId, kept.length);
}

/** No caller can make the file large: texts and evidence have a length of their own. */
function bounded(decision: Decision): Decision {
  const { evidence, ...rest } = decision;
  const because = rest.because.slice(0, 8).map((text) => text.slice(0, maxTextLength));
  if (evidence === undefined) return { ...rest, because };
  const text = JSON.stringify(evidence);
  return {
    ...rest,
    because,
    evidence: text.length <= maxEvidenceLength ? evidence : { cutOff: text.slice(0, maxEvidenceLength) },
  };
}

function parse(text: string): readonly Decision[] {
  return lines(text)
    .slice(-keptLines)
    .flatMap((line) => {
      try {
        return [JSON.parse(line) as Decision];
      } catch {
        // Torn by a power cut: the others still tell.
        return [];
      }
    });
}

function lines(text: string): readonly string[] {
  return text.split("\n").filter((line) => line !== "");
}

function countsOf(ctx: AgentContext): Map<string, number> {
  const counts = lineCounts.get(ctx.system) ?? new Map<string, number>();
  lineCounts.set(ctx.system, counts);
  return counts;
}

function complain(ctx: AgentContext, vmId: string, error: unknown): void {
  ctx.log.write("warn", "decision-not-noted", { vm: vmId, error: String(error) });
}

function turnOf(vmId: string): string {
  return `decisions/${vmId}`;
}

function folderOf(ctx: AgentContext): string {
  return `${ctx.paths.state}/decisions`;
}

function pathOf(ctx: AgentContext, vmId: string): string {
  return `${folderOf(ctx)}/${vmId}.jsonl`;
}
