// A stack of the example program under the real Pulumi CLI, with state, home and configuration in a folder of the test's.

import { type ChildProcess, execFile, spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { promisify } from "node:util";

const run = promisify(execFile);
const checkoutFolder = join(__dirname, "..", "..", "..");

/** The stack. `run` gives what the CLI printed; a failing command throws with all of it. */
export interface PulumiStack {
  run(...args: string[]): Promise<string>;
  /** Starts a command, for a test that ends it before its end. */
  start(...args: string[]): ChildProcess;
  /** Takes away the lock that a killed engine left. */
  unlock(): Promise<void>;
  /** What a program that calls Pulumi itself is to be given. */
  readonly env: NodeJS.ProcessEnv;
  /** Folder of its Pulumi.yaml. */
  readonly project: string;
  outputs(): Promise<Record<string, unknown>>;
  /** Forgets the stack and its folder; what it made stays. */
  drop(): void;
}

/** Makes a stack of the program of a Pulumi.yaml, the checkout's unless said otherwise, configured with the given values. */
export async function makeStack(
  config: Readonly<Record<string, string>>,
  projectFolder = checkoutFolder,
): Promise<PulumiStack> {
  const folder = mkdtempSync(join(tmpdir(), "leea-pulumi-"));
  const state = join(folder, "state");
  mkdirSync(state);
  const env = {
    ...process.env,
    PULUMI_HOME: join(folder, "home"),
    PULUMI_BACKEND_URL: pathToFileURL(state).href,
    PULUMI_CONFIG_PASSPHRASE: "only for this test",
    PULUMI_SKIP_UPDATE_CHECK: "1",
    PULUMI_NODEJS_TRANSPILE_ONLY: "true",
  };
  const pulumi = async (args: readonly string[]): Promise<string> => {
    const options = { cwd: projectFolder, env, maxBuffer: 64 * 2 ** 20 };
    const { stdout } = await run("pulumi", ["--non-interactive", "--color", "never", ...args], options).catch(
      (error: Error & { stdout?: string; stderr?: string }) => {
        throw new Error(`pulumi ${args.join(" ")} failed:\n${error.stdout}\n${error.stderr}`);
      },
    );
    return stdout;
  };
  const stack = ["--stack", "e2e", "--config-file", join(folder, "Pulumi.e2e.yaml")];
  await pulumi(["stack", "init", "e2e"]);
  for (const [key, value] of Object.entries(config)) await pulumi(["config", "set", ...stack, key, value]);
  return {
    env,
    project: projectFolder,
    run: (...args) => pulumi([...args, ...stack]),
    start: (...args) =>
      spawn("pulumi", ["--non-interactive", "--color", "never", ...args, ...stack], {
        cwd: projectFolder,
        env,
        stdio: "ignore",
      }),
    unlock: async () => void (await pulumi(["cancel", "--yes", "--stack", "e2e"])),
    outputs: async () => JSON.parse(await pulumi(["stack", "output", "--json", "--stack", "e2e"])),
    drop: () => {
      rmSync(folder, { recursive: true, force: true });
      // The CLI puts a new stack's salt beside the program, unless its Pulumi.yaml says otherwise.
      rmSync(join(projectFolder, "Pulumi.e2e.yaml"), { force: true });
    },
  };
}
