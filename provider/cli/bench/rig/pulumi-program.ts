// Pulumi programs of the bench's own under the real CLI: plain JavaScript, state and home in a folder below .leea, so
// that nothing of the user's is met and no compiler is measured.

import { type ChildProcess, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { LeeaError } from "../../../model/errors";
import { readDiagnostics } from "../../story/pulumi/pulumi-lines";
import type { Bench } from "./bench";

/** A program with a stack. `up` gives how many seconds it took; a failure throws with Pulumi's diagnostics. */
export interface PulumiProgram {
  up(): Promise<number>;
  /** What it exports. */
  outputs(): Promise<Readonly<Record<string, unknown>>>;
  /** Replaces the program; the stack stays. */
  change(source: string): void;
}

/** Makes the program and its stack. `source` is CommonJS; `name` is the folder's and the project's. */
export async function makeProgram(bench: Bench, name: string, source: string): Promise<PulumiProgram> {
  const folder = join(bench.checkout.folder, "bench", name);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(join(folder, "state"), { recursive: true });
  bench.onEnd(() => rmSync(folder, { recursive: true, force: true }));
  const settings = `name: bench-${name}\nruntime:\n  name: nodejs\n  options:\n    typescript: false\nmain: index.js\n`;
  writeFileSync(join(folder, "Pulumi.yaml"), settings);
  writeFileSync(join(folder, "package.json"), `${JSON.stringify({ name: `bench-${name}`, private: true })}\n`);
  const change = (text: string): void => writeFileSync(join(folder, "index.js"), text);
  change(source);
  const env = {
    ...process.env,
    PULUMI_HOME: join(folder, "home"),
    PULUMI_BACKEND_URL: pathToFileURL(join(folder, "state")).href,
    PULUMI_CONFIG_PASSPHRASE: randomBytes(12).toString("hex"),
    PULUMI_SKIP_UPDATE_CHECK: "1",
  };
  const run = (args: readonly string[]): Promise<{ seconds: number; text: string }> =>
    runTimed(bench, { args, folder, env });
  await run(["stack", "init", "bench"]);
  const stack = ["--stack", "bench"];
  return {
    up: async () => (await run(["up", "--yes", "--skip-preview", ...stack])).seconds,
    outputs: async () =>
      JSON.parse((await run(["stack", "output", "--json", ...stack])).text) as Record<string, unknown>,
    change,
  };
}

async function runTimed(
  bench: Bench,
  { args, folder, env }: { args: readonly string[]; folder: string; env: NodeJS.ProcessEnv },
): Promise<{ seconds: number; text: string }> {
  const startedAtMs = performance.now();
  const words = ["--non-interactive", "--color", "never", ...args];
  const child: ChildProcess = spawn("pulumi", words, { cwd: folder, env, stdio: ["ignore", "pipe", "pipe"] });
  bench.onEnd(() => void child.kill("SIGKILL"));
  let [text, complaint] = ["", ""];
  child.stdout?.setEncoding("utf8").on("data", (chunk: string) => (text += chunk));
  child.stderr?.setEncoding("utf8").on("data", (chunk: string) => (complaint += chunk));
  const status = await new Promise<number | null>((resolve, reject) => {
    child.once("close", resolve);
    child.once("error", reject);
  });
  if (status === 0) return { seconds: (performance.now() - startedAtMs) / 1000, text };
  throw new LeeaError({
    code: "COMMAND_FAILED",
    message: `pulumi ${args[0]} failed: ${readDiagnostics(text) || `${text}${complaint}`.slice(-2000)}`,
  });
}
