// The `leea` command as a user runs it: the bundle in a process of its own, told of the world's hosts by options.

import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import type { PulumiStack } from "./pulumi-stack";
import { waitFor } from "./wait-for";
import { connectionTo, type World } from "./world";

const program = join(__dirname, "..", "..", "..", "provider", "dist", "leea.cjs");

/** How a command ended. */
export interface LeeaResult {
  readonly status: number | null;
  readonly out: string;
  readonly err: string;
}

/** A command that runs. */
export interface RunningLeea {
  readonly child: ChildProcessWithoutNullStreams;
  readonly out: () => string;
  readonly err: () => string;
  readonly ended: Promise<LeeaResult>;
  /** Waits until standard output holds the text. */
  said(text: string, limitMs?: number): Promise<void>;
}

/** Starts `leea ARGS` with the options that lead to the named hosts. */
export function startLeea(world: World, args: readonly string[], hosts: readonly string[] = ["a", "b"]): RunningLeea {
  return startProgram([process.execPath, program, ...args, ...waysTo(world, hosts)], { env: process.env });
}

/** The same at a terminal of its own, made by script(1); its output holds both streams. */
export function startInTerminal(world: World, args: readonly string[]): RunningLeea {
  const words = [process.execPath, program, ...args, ...waysTo(world, ["a", "b"])];
  const line = words.map((word) => `'${word}'`).join(" ");
  return startProgram(["script", "--quiet", "--return", "--flush", "--command", line, "/dev/null"], {
    env: process.env,
  });
}

function waysTo(world: World, hosts: readonly string[]): string[] {
  const ways = hosts.flatMap((host) => {
    const connection = connectionTo(world, host);
    return ["--host", `${connection.user}@${connection.host}:${connection.port}`];
  });
  return [...ways, "--identity", world.identityFile, "--known-hosts", world.lab.knownHostsFile];
}

/** Runs `leea ARGS` in the folder of a Pulumi program, told of nothing but its stack. */
export function runInStack(stack: Pick<PulumiStack, "env" | "project">, args: readonly string[]): Promise<LeeaResult> {
  const running = startProgram([process.execPath, program, ...args], { env: stack.env, cwd: stack.project });
  running.child.stdin.end();
  return running.ended;
}

function startProgram(
  [name = "", ...args]: readonly string[],
  place: { env: NodeJS.ProcessEnv; cwd?: string },
): RunningLeea {
  const options = { ...place, stdio: "pipe", env: { ...place.env, NO_COLOR: "1" } } as const;
  const child = spawn(name, args, options);
  const text = { out: "", err: "" };
  child.stdout.setEncoding("utf8").on("data", (part: string) => (text.out += part));
  child.stderr.setEncoding("utf8").on("data", (part: string) => (text.err += part));
  child.stdin.on("error", () => undefined); // it ended first, and has said why
  const ended = once(child, "close").then(([status]) => ({ status: status as number | null, ...text }));
  const said = async (wanted: string, limitMs = 30_000): Promise<void> => {
    await waitFor(`"${wanted}" from leea ${args.join(" ")}`, () => text.out.includes(wanted), limitMs).catch(
      (error: Error) => {
        throw new Error(`${error.message}; it said:\n${text.out.slice(-2_000)}\n${text.err.slice(-2_000)}`);
      },
    );
  };
  return { child, out: () => text.out, err: () => text.err, ended, said };
}

/** Runs `leea ARGS` to its end, without input. */
export function runLeea(world: World, args: readonly string[], hosts?: readonly string[]): Promise<LeeaResult> {
  const running = startLeea(world, args, hosts);
  running.child.stdin.end();
  return running.ended;
}

/** Runs `leea ARGS --json`; an unexpected exit status fails the test with what it said. */
export async function askLeea(world: World, args: readonly string[], status = 0): Promise<Record<string, unknown>> {
  const result = await runLeea(world, [...args, "--json"]);
  if (result.status !== status)
    throw new Error(`leea ${args.join(" ")} ended with ${result.status}:\n${result.out}\n${result.err}`);
  return JSON.parse(result.out) as Record<string, unknown>;
}
