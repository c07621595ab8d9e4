// Which QEMU this host has. Asked once a binary: the answer is kept with the binary's size and time of change.

import { LeeaError } from "../../model/errors";
import type { AgentContext } from "../agent-context";

/** The host's QEMU. */
export interface QemuProgram {
  /** Absolute path. */
  readonly path: string;
  /** `10.0.2`. */
  readonly version: string;
  /** The versioned machine type behind `q35`: what a new VM is pinned to. */
  readonly machine: string;
  /** Every versioned q35 machine type: what a VM may come with. */
  readonly machines: readonly string[];
  /** Changes when the binary does. */
  readonly stamp: string;
}

const candidates = [
  "/usr/local/bin/qemu-system-x86_64",
  "/usr/bin/qemu-system-x86_64",
  "/opt/leea/bin/qemu-system-x86_64",
  "/usr/libexec/qemu-kvm",
];

/** Finds QEMU and what it can be. Errors: PACKAGES_MISSING (there is none), COMMAND_FAILED (it does not run). */
export async function probeQemu(ctx: AgentContext): Promise<QemuProgram> {
  const path = await findQemu(ctx);
  const stamp = await stampOf(ctx, path);
  const cacheFile = `${ctx.paths.state}/probe/qemu.json`;
  const kept = readKept((await ctx.system.readText(cacheFile)) ?? "");
  if (kept?.stamp === stamp) return kept;
  const found = { path, stamp, version: await askVersion(ctx, path), ...(await askMachines(ctx, path)) };
  await ctx.system.writeDurable(cacheFile, `${JSON.stringify(found)}\n`);
  return found;
}

/** The q35 types in the text of `-machine help`, and the one that `q35` stands for. Undefined where there is none. */
export function parseMachines(help: string): Pick<QemuProgram, "machine" | "machines"> | undefined {
  const machine = /^q35\s.*\(alias of (pc-q35-[0-9.]+)\)/m.exec(help)?.[1];
  const machines = [...help.matchAll(/^(pc-q35-[0-9.]+)\s/gm)].flatMap((match) => match[1] ?? []);
  return machine === undefined ? undefined : { machine, machines };
}

async function findQemu(ctx: AgentContext): Promise<string> {
  for (const path of candidates) if (await ctx.system.exists(path)) return path;
  throw new LeeaError({
    code: "PACKAGES_MISSING",
    message: "QEMU (qemu-system-x86_64) is not installed",
    hint: "Install the host's package of it (Debian, Ubuntu: qemu-system-x86; Fedora: qemu-kvm), or set setup: true on the MeshNode.",
  });
}

async function stampOf(ctx: AgentContext, path: string): Promise<string> {
  const facts = await ctx.system.factsOf(path);
  return `${path} ${facts?.sizeBytes ?? 0} ${facts?.modifiedAtS ?? 0}`;
}

async function askVersion(ctx: AgentContext, path: string): Promise<string> {
  const { stdout } = await ctx.system.run([path, "--version"], { timeoutMs: 10_000 });
  const version = /version ([0-9]+\.[0-9]+\.[0-9]+)/.exec(stdout)?.[1];
  if (version === undefined) throw unusable(path, `it says "${stdout.slice(0, 80)}"`);
  return version;
}

async function askMachines(ctx: AgentContext, path: string): Promise<Pick<QemuProgram, "machine" | "machines">> {
  const { stdout } = await ctx.system.run([path, "-machine", "help"], { timeoutMs: 10_000 });
  const machines = parseMachines(stdout);
  if (machines === undefined) throw unusable(path, "it has no q35 machine");
  return machines;
}

function readKept(text: string): QemuProgram | undefined {
  try {
    return JSON.parse(text) as QemuProgram;
  } catch {
    return undefined; // never asked, or a torn file: ask again
  }
}

function unusable(path: string, why: string): LeeaError {
  return new LeeaError({
    code: "COMMAND_FAILED",
    message: `${path} cannot be used: ${why}`,
    hint: "Install the distribution's own QEMU package.",
  });
}
